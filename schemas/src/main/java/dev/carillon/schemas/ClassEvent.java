package dev.carillon.schemas;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to classes. */
public sealed interface ClassEvent extends DomainEvent {

  /**
   * A class has a time and a place.
   *
   * @param classId the class's id
   * @param className the class's name
   * @param trainerId the trainer's id
   * @param trainerName the trainer's name
   * @param scheduledTime when the class begins
   * @param durationMinutes how long it takes, in minutes
   * @param location where it takes place
   * @param capacity how many can take part
   */
  record Scheduled(
      String classId,
      String className,
      String trainerId,
      String trainerName,
      OffsetDateTime scheduledTime,
      int durationMinutes,
      String location,
      int capacity)
      implements ClassEvent {

    /** {@value}. */
    public static final String TYPE = "class.scheduled";

    /** Checks that what is required is there. */
    public Scheduled {
      RequiredFields.of(TYPE)
          .require("class_id", classId)
          .require("class_name", className)
          .require("trainer_id", trainerId)
          .require("trainer_name", trainerName)
          .require("scheduled_time", scheduledTime)
          .require("location", location);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A class was set up.
   *
   * @param classId the class's id
   * @param className the class's name
   * @param trainerId the trainer's id
   * @param createdBy id of the user who created it
   * @param maxSlots how many can take part at most; null if not told
   * @param price what it costs, not negative; null if not told
   * @param occurrenceCount how often it takes place; null if not told
   */
  record Created(
      String classId,
      String className,
      String trainerId,
      String createdBy,
      @Nullable Integer maxSlots,
      @Nullable BigDecimal price,
      @Nullable Integer occurrenceCount)
      implements ClassEvent {

    /** {@value}. */
    public static final String TYPE = "class.created";

    /** Checks that what is required is there. */
    public Created {
      RequiredFields.of(TYPE)
          .require("class_id", classId)
          .require("class_name", className)
          .require("trainer_id", trainerId)
          .require("created_by", createdBy);
    }

    /** Starts with what is required. */
    public static Builder builder(
        String classId, String className, String trainerId, String createdBy) {
      return new Builder(classId, className, trainerId, createdBy);
    }

    @Override
    public String type() {
      return TYPE;
    }

    /** Gathers what is optional. Not thread-safe. */
    public static final class Builder {

      private final String classId;
      private final String className;
      private final String trainerId;
      private final String createdBy;
      private @Nullable Integer maxSlots;
      private @Nullable BigDecimal price;
      private @Nullable Integer occurrenceCount;

      private Builder(String classId, String className, String trainerId, String createdBy) {
        this.classId = classId;
        this.className = className;
        this.trainerId = trainerId;
        this.createdBy = createdBy;
      }

      /** How many can take part at most. */
      public Builder maxSlots(int maxSlots) {
        this.maxSlots = maxSlots;
        return this;
      }

      /** What it costs, not negative. */
      public Builder price(BigDecimal price) {
        this.price = price;
        return this;
      }

      /** How often it takes place. */
      public Builder occurrenceCount(int occurrenceCount) {
        this.occurrenceCount = occurrenceCount;
        return this;
      }

      /** The event. */
      public Created build() {
        return new Created(
            classId, className, trainerId, createdBy, maxSlots, price, occurrenceCount);
      }
    }
  }

  /**
   * A class was changed.
   *
   * @param classId the class's id
   * @param className the class's name
   * @param updatedBy id of the user who changed it
   * @param changes the new values by field; null if not told
   */
  record Updated(
      String classId,
      String className,
      String updatedBy,
      @Nullable Map<String, @Nullable Object> changes)
      implements ClassEvent {

    /** {@value}. */
    public static final String TYPE = "class.updated";

    /** Checks that what is required is there. */
    public Updated {
      RequiredFields.of(TYPE)
          .require("class_id", classId)
          .require("class_name", className)
          .require("updated_by", updatedBy);
      changes = changes == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(changes));
    }

    /** Without what is optional. */
    public Updated(String classId, String className, String updatedBy) {
      this(classId, className, updatedBy, null);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A class will not take place.
   *
   * @param classId the class's id
   * @param className the class's name
   * @param scheduledTime when the class begins
   * @param cancellationReason why it was cancelled
   * @param affectedUsers ids of the users who had booked; null if not told
   */
  record Cancelled(
      String classId,
      String className,
      OffsetDateTime scheduledTime,
      String cancellationReason,
      @Nullable List<String> affectedUsers)
      implements ClassEvent {

    /** {@value}. */
    public static final String TYPE = "class.cancelled";

    /** Checks that what is required is there. */
    public Cancelled {
      RequiredFields.of(TYPE)
          .require("class_id", classId)
          .require("class_name", className)
          .require("scheduled_time", scheduledTime)
          .require("cancellation_reason", cancellationReason);
      affectedUsers = affectedUsers == null ? null : List.copyOf(affectedUsers);
    }

    /** Without what is optional. */
    public Cancelled(
        String classId, String className, OffsetDateTime scheduledTime, String cancellationReason) {
      this(classId, className, scheduledTime, cancellationReason, null);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }
}
