package dev.carillon.analytics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events an analytics question is about. What is null is left to the service. Deployed
 * services other than the Carillon hub know only {@code eventName} and {@code days} (error counts)
 * and {@code limit} (latencies and sessions). Immutable.
 *
 * @param from the earliest time of creation, inclusive
 * @param to the latest time of creation, exclusive
 * @param days instead of from and to: the last so many days, 1 to 3650
 * @param eventName only events of this name
 * @param conversationId only events of this conversation
 * @param limit how many lines at most, 1 to 10,000; of latencies and sessions, and how many events
 *     of a conversation, the others have an end of their own
 * @param after the id of an event of the conversation: only what comes after it, by time of
 *     creation, then by id; of a conversation's events only
 */
public record AnalyticsQuery(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable Integer days,
    @Nullable String eventName,
    @Nullable String conversationId,
    @Nullable Integer limit,
    @Nullable String after) {

  private static final int MOST_DAYS = 3650;
  private static final int MOST_LINES = 10_000;

  /**
   * Checks the ranges.
   *
   * @throws AnalyticsValidationException that names everything that is out of range
   */
  public AnalyticsQuery {
    Rules rules = new Rules();
    if (from != null && to != null && !from.isBefore(to)) {
      rules.wrong("from", "must be before to");
    }
    if (days != null) {
      rules.between("days", days, 1, MOST_DAYS);
    }
    if (eventName != null) {
      rules.eventName(eventName);
    }
    if (conversationId != null) {
      rules.conversationId(conversationId);
    }
    if (limit != null) {
      rules.between("limit", limit, 1, MOST_LINES);
    }
    if (after != null) {
      rules.id("after", after);
    }
    rules.check();
  }

  /** Everything that the service looks at unless told otherwise. */
  public static AnalyticsQuery ofDefaults() {
    return builder().build();
  }

  /** Starts a query that leaves everything to the service. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what to ask for. Not thread-safe. */
  public static final class Builder {
    private @Nullable Instant from;
    private @Nullable Instant to;
    private @Nullable Integer days;
    private @Nullable String eventName;
    private @Nullable String conversationId;
    private @Nullable Integer limit;
    private @Nullable String after;

    private Builder() {}

    /** Sets {@link AnalyticsQuery#from}. */
    public Builder from(Instant from) {
      this.from = from;
      return this;
    }

    /** Sets {@link AnalyticsQuery#to}. */
    public Builder to(Instant to) {
      this.to = to;
      return this;
    }

    /** Sets {@link AnalyticsQuery#days}. */
    public Builder days(int days) {
      this.days = days;
      return this;
    }

    /** Sets {@link AnalyticsQuery#eventName}. */
    public Builder eventName(String eventName) {
      this.eventName = eventName;
      return this;
    }

    /** Sets {@link AnalyticsQuery#conversationId}. */
    public Builder conversationId(String conversationId) {
      this.conversationId = conversationId;
      return this;
    }

    /** Sets {@link AnalyticsQuery#limit}. */
    public Builder limit(int limit) {
      this.limit = limit;
      return this;
    }

    /** Sets {@link AnalyticsQuery#after}, to go on after the last event that was read. */
    public Builder after(String eventId) {
      this.after = eventId;
      return this;
    }

    /** Makes the query. */
    public AnalyticsQuery build() {
      return new AnalyticsQuery(from, to, days, eventName, conversationId, limit, after);
    }
  }
}
