package dev.carillon.schemas;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** What happens to bookings. */
public sealed interface BookingEvent extends DomainEvent {

  /**
   * A place in a class was booked.
   *
   * @param bookingId the booking's id
   * @param userId the user's id
   * @param classId the class's id
   * @param className the class's name
   * @param location where it takes place; null if not told
   */
  record Created(
      String bookingId, String userId, String classId, String className, @Nullable String location)
      implements BookingEvent {

    /** {@value}. */
    public static final String TYPE = "booking.created";

    /** Checks that what is required is there. */
    public Created {
      RequiredFields.of(TYPE)
          .require("booking_id", bookingId)
          .require("user_id", userId)
          .require("class_id", classId)
          .require("class_name", className);
    }

    /** Without what is optional. */
    public Created(String bookingId, String userId, String classId, String className) {
      this(bookingId, userId, classId, className, null);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A booking was confirmed.
   *
   * @param bookingId the booking's id
   * @param userId the user's id
   * @param classId the class's id
   * @param className the class's name
   * @param scheduledTime when the class begins
   * @param location where it takes place; null if not told
   */
  record Confirmed(
      String bookingId,
      String userId,
      String classId,
      String className,
      OffsetDateTime scheduledTime,
      @Nullable String location)
      implements BookingEvent {

    /** {@value}. */
    public static final String TYPE = "booking.confirmed";

    /** Checks that what is required is there. */
    public Confirmed {
      RequiredFields.of(TYPE)
          .require("booking_id", bookingId)
          .require("user_id", userId)
          .require("class_id", classId)
          .require("class_name", className)
          .require("scheduled_time", scheduledTime);
    }

    /** Without what is optional. */
    public Confirmed(
        String bookingId,
        String userId,
        String classId,
        String className,
        OffsetDateTime scheduledTime) {
      this(bookingId, userId, classId, className, scheduledTime, null);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A booking was cancelled.
   *
   * @param bookingId the booking's id
   * @param userId the user's id
   * @param classId the class's id
   * @param className the class's name
   * @param cancellationReason why it was cancelled; null if not told
   */
  record Cancelled(
      String bookingId,
      String userId,
      String classId,
      String className,
      @Nullable String cancellationReason)
      implements BookingEvent {

    /** {@value}. */
    public static final String TYPE = "booking.cancelled";

    /** Checks that what is required is there. */
    public Cancelled {
      RequiredFields.of(TYPE)
          .require("booking_id", bookingId)
          .require("user_id", userId)
          .require("class_id", classId)
          .require("class_name", className);
    }

    /** Without what is optional. */
    public Cancelled(String bookingId, String userId, String classId, String className) {
      this(bookingId, userId, classId, className, null);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }
}
