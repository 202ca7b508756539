package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.EventVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which live events a query is about, in SQL; what users gave is only ever a parameter.
 *
 * @param where the condition with placeholders
 * @param values their values
 */
record Filter(String where, Map<String, Object> values) {

  /** After how many days the table drops events, whoever said so; 0 for never. */
  private static final String DAYS =
      "(SELECT toUInt32OrZero(extract(engine_full, 'toIntervalDay[(]([0-9]+)')) FROM system.tables"
          + " WHERE database = currentDatabase() AND name = 'events')";

  /**
   * Nothing is shown for longer than that: ClickHouse drops an event's versions one by one and in
   * its own time, and the last, which deletes it or changes it, may go first.
   */
  static final String RETAINED =
      " AND (%s = 0 OR created_at >= now64(3, 'UTC') - toIntervalDay(%s))".formatted(DAYS, DAYS);

  static Filter of(AnalyticsQuery query) {
    StringBuilder where = new StringBuilder(" WHERE state = 'LIVE'").append(RETAINED);
    Map<String, Object> values = new LinkedHashMap<>();
    if (query.from() != null) {
      where.append(" AND created_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')");
      values.put("from", millisUp(query.from()));
    }
    if (query.to() != null) {
      where.append(" AND created_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')");
      values.put("to", millisUp(query.to()));
    }
    if (query.eventName() != null) {
      where.append(" AND event_name = {name:String}");
      values.put("name", query.eventName());
    }
    if (query.conversationId() != null) {
      where.append(" AND conversation_id = {conversation:String}");
      values.put("conversation", query.conversationId());
    }
    return new Filter(where.toString(), values);
  }

  /** These, and to come after an event in the order of creation, then id. */
  Filter after(EventVersion event) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.put("created", event.createdAt().toEpochMilli());
    all.put("after", event.id().toString());
    return new Filter(
        where
            + " AND (created_at, toUInt128(id))"
            + " > (fromUnixTimestamp64Milli({created:Int64}, 'UTC'), toUInt128({after:UUID}))",
        all);
  }

  /** The first whole millisecond that is not before a time: events have no finer times. */
  static long millisUp(Instant time) {
    long millis = time.toEpochMilli();
    return Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
  }
}
