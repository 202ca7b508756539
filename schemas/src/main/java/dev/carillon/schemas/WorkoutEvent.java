package dev.carillon.schemas;

import org.jspecify.annotations.Nullable;

/** What happens to workouts. */
public sealed interface WorkoutEvent extends DomainEvent {

  /**
   * A workout was created.
   *
   * @param workoutId the workout's id
   * @param title its title
   * @param description what it is about; null for none
   * @param durationMinutes how long it takes, in minutes; null if not told
   * @param createdBy id of the user who created it; null if not told
   */
  record Created(
      String workoutId,
      String title,
      @Nullable String description,
      @Nullable Integer durationMinutes,
      @Nullable String createdBy)
      implements WorkoutEvent {

    /** {@value}. */
    public static final String TYPE = "workout.created";

    /** Checks that what is required is there. */
    public Created {
      RequiredFields.of(TYPE).require("workout_id", workoutId).require("title", title);
    }

    /** Starts with what is required. */
    public static Builder builder(String workoutId, String title) {
      return new Builder(workoutId, title);
    }

    @Override
    public String type() {
      return TYPE;
    }

    /** Gathers what is optional. Not thread-safe. */
    public static final class Builder {

      private final String workoutId;
      private final String title;
      private @Nullable String description;
      private @Nullable Integer durationMinutes;
      private @Nullable String createdBy;

      private Builder(String workoutId, String title) {
        this.workoutId = workoutId;
        this.title = title;
      }

      /** What it is about. */
      public Builder description(String description) {
        this.description = description;
        return this;
      }

      /** How long it takes, in minutes. */
      public Builder durationMinutes(int durationMinutes) {
        this.durationMinutes = durationMinutes;
        return this;
      }

      /** Id of the user who created it. */
      public Builder createdBy(String createdBy) {
        this.createdBy = createdBy;
        return this;
      }

      /** The event. */
      public Created build() {
        return new Created(workoutId, title, description, durationMinutes, createdBy);
      }
    }
  }

  /**
   * A workout was changed; what is null has not.
   *
   * @param workoutId the workout's id
   * @param title its title; null if not told
   * @param description what it is about; null for none
   * @param durationMinutes how long it takes, in minutes; null if not told
   * @param updatedBy id of the user who changed it; null if not told
   */
  record Updated(
      String workoutId,
      @Nullable String title,
      @Nullable String description,
      @Nullable Integer durationMinutes,
      @Nullable String updatedBy)
      implements WorkoutEvent {

    /** {@value}. */
    public static final String TYPE = "workout.updated";

    /** Checks that what is required is there. */
    public Updated {
      RequiredFields.of(TYPE).require("workout_id", workoutId);
    }

    /** Starts with what is required. */
    public static Builder builder(String workoutId) {
      return new Builder(workoutId);
    }

    @Override
    public String type() {
      return TYPE;
    }

    /** Gathers what is optional. Not thread-safe. */
    public static final class Builder {

      private final String workoutId;
      private @Nullable String title;
      private @Nullable String description;
      private @Nullable Integer durationMinutes;
      private @Nullable String updatedBy;

      private Builder(String workoutId) {
        this.workoutId = workoutId;
      }

      /** Its title. */
      public Builder title(String title) {
        this.title = title;
        return this;
      }

      /** What it is about. */
      public Builder description(String description) {
        this.description = description;
        return this;
      }

      /** How long it takes, in minutes. */
      public Builder durationMinutes(int durationMinutes) {
        this.durationMinutes = durationMinutes;
        return this;
      }

      /** Id of the user who changed it. */
      public Builder updatedBy(String updatedBy) {
        this.updatedBy = updatedBy;
        return this;
      }

      /** The event. */
      public Updated build() {
        return new Updated(workoutId, title, description, durationMinutes, updatedBy);
      }
    }
  }

  /**
   * A workout was deleted.
   *
   * @param workoutId the workout's id
   * @param deletedBy id of the user who deleted it; null if not told
   */
  record Deleted(String workoutId, @Nullable String deletedBy) implements WorkoutEvent {

    /** {@value}. */
    public static final String TYPE = "workout.deleted";

    /** Checks that what is required is there. */
    public Deleted {
      RequiredFields.of(TYPE).require("workout_id", workoutId);
    }

    /** Without what is optional. */
    public Deleted(String workoutId) {
      this(workoutId, null);
    }

    @Override
    public String type() {
      return TYPE;
    }
  }
}
