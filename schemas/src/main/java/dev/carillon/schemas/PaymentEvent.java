package dev.carillon.schemas;

import java.math.BigDecimal;
import java.util.Objects;

/** What happens to payments. */
public sealed interface PaymentEvent extends DomainEvent {

  /**
   * A payment went through.
   *
   * @param paymentId the payment's id
   * @param userId the user's id
   * @param amount how much, not negative
   * @param paymentMethod how it was paid
   * @param referenceType what was paid for, such as {@code membership}
   * @param referenceId its id
   * @param currency ISO 4217 code; null becomes {@code USD}
   */
  record Completed(
      String paymentId,
      String userId,
      BigDecimal amount,
      String paymentMethod,
      String referenceType,
      String referenceId,
      String currency)
      implements PaymentEvent {

    /** {@value}. */
    public static final String TYPE = "payment.completed";

    /** Checks that what is required is there. */
    public Completed {
      RequiredFields.of(TYPE)
          .require("payment_id", paymentId)
          .require("user_id", userId)
          .require("amount", amount)
          .require("payment_method", paymentMethod)
          .require("reference_type", referenceType)
          .require("reference_id", referenceId);
      currency = Objects.requireNonNullElse(currency, "USD");
    }

    /** In US dollars. */
    public Completed(
        String paymentId,
        String userId,
        BigDecimal amount,
        String paymentMethod,
        String referenceType,
        String referenceId) {
      this(paymentId, userId, amount, paymentMethod, referenceType, referenceId, "USD");
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A payment failed.
   *
   * @param paymentId the payment's id
   * @param userId the user's id
   * @param amount how much, not negative
   * @param failureReason why it failed
   * @param referenceType what was paid for, such as {@code membership}
   * @param referenceId its id
   * @param currency ISO 4217 code; null becomes {@code USD}
   */
  record Failed(
      String paymentId,
      String userId,
      BigDecimal amount,
      String failureReason,
      String referenceType,
      String referenceId,
      String currency)
      implements PaymentEvent {

    /** {@value}. */
    public static final String TYPE = "payment.failed";

    /** Checks that what is required is there. */
    public Failed {
      RequiredFields.of(TYPE)
          .require("payment_id", paymentId)
          .require("user_id", userId)
          .require("amount", amount)
          .require("failure_reason", failureReason)
          .require("reference_type", referenceType)
          .require("reference_id", referenceId);
      currency = Objects.requireNonNullElse(currency, "USD");
    }

    /** In US dollars. */
    public Failed(
        String paymentId,
        String userId,
        BigDecimal amount,
        String failureReason,
        String referenceType,
        String referenceId) {
      this(paymentId, userId, amount, failureReason, referenceType, referenceId, "USD");
    }

    @Override
    public String type() {
      return TYPE;
    }
  }
}
