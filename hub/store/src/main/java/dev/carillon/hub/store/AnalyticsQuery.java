package dev.carillon.hub.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which analytics events a query is about; what is null matches all.
 *
 * @param from the earliest time of creation, inclusive
 * @param to the latest time of creation, exclusive
 * @param eventName their name
 * @param conversationId their conversation
 * @param limit how many rows at most, at least 1, where an answer is a ranking or a list of events
 */
public record AnalyticsQuery(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String eventName,
    @Nullable String conversationId,
    int limit) {

  /** All events. */
  public static AnalyticsQuery all(int limit) {
    return new AnalyticsQuery(null, null, null, null, limit);
  }

  /** This query over a time range. */
  public AnalyticsQuery between(@Nullable Instant from, @Nullable Instant to) {
    return new AnalyticsQuery(from, to, eventName, conversationId, limit);
  }

  /** This query of events with a name. */
  public AnalyticsQuery named(@Nullable String name) {
    return new AnalyticsQuery(from, to, name, conversationId, limit);
  }

  /** This query of one conversation. */
  public AnalyticsQuery in(@Nullable String conversation) {
    return new AnalyticsQuery(from, to, eventName, conversation, limit);
  }
}
