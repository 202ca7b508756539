package dev.carillon.schemas;

import java.math.BigDecimal;
import java.time.LocalDate;

/** What happens to memberships. */
public sealed interface MembershipEvent extends DomainEvent {

  /**
   * A membership began.
   *
   * @param membershipId the membership's id
   * @param userId the user's id
   * @param planName the plan's name
   * @param startDate its first day
   * @param endDate its last day
   * @param price what it costs, not negative
   */
  record Created(
      String membershipId,
      String userId,
      String planName,
      LocalDate startDate,
      LocalDate endDate,
      BigDecimal price)
      implements MembershipEvent {

    /** {@value}. */
    public static final String TYPE = "membership.created";

    /** Checks that what is required is there. */
    public Created {
      RequiredFields.of(TYPE)
          .require("membership_id", membershipId)
          .require("user_id", userId)
          .require("plan_name", planName)
          .require("start_date", startDate)
          .require("end_date", endDate)
          .require("price", price);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A membership ended.
   *
   * @param membershipId the membership's id
   * @param userId the user's id
   * @param planName the plan's name
   * @param expiredDate the day it ended
   */
  record Expired(String membershipId, String userId, String planName, LocalDate expiredDate)
      implements MembershipEvent {

    /** {@value}. */
    public static final String TYPE = "membership.expired";

    /** Checks that what is required is there. */
    public Expired {
      RequiredFields.of(TYPE)
          .require("membership_id", membershipId)
          .require("user_id", userId)
          .require("plan_name", planName)
          .require("expired_date", expiredDate);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }
}
