package dev.carillon.analytics;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The service's paths, with what goes into them. */
final class Paths {

  static final String EVENT = "/event/";
  static final String BATCH = EVENT + "batch";
  static final String HEALTH = "/health";

  private final StringBuilder path;
  private char separator = '?';

  private Paths(String path) {
    this.path = new StringBuilder(path);
  }

  static String event(String id) {
    return EVENT + id;
  }

  static String conversation(String id, AnalyticsQuery query) {
    return new Paths("/events/conversation/" + encoded(id)).with(query);
  }

  /** Whether an id as part of a path would make it another, encoded or not (RFC 3986, 6.2.2.3). */
  static boolean isDots(String id) {
    return ".".equals(id) || "..".equals(id);
  }

  static String errors(AnalyticsQuery query) {
    return new Paths("/analytics/errors").with(query);
  }

  static String latency(AnalyticsQuery query) {
    return new Paths("/analytics/latency").with(query);
  }

  static String latencyByName(AnalyticsQuery query) {
    return new Paths("/analytics/latency/names").with(query);
  }

  static String topErrors(AnalyticsQuery query) {
    return new Paths("/analytics/sessions/top-errors").with(query);
  }

  static String slowest(AnalyticsQuery query) {
    return new Paths("/analytics/sessions/slowest").with(query);
  }

  static String totals(AnalyticsQuery query) {
    return new Paths("/analytics/totals").with(query);
  }

  static String timeline(Duration bucket, AnalyticsQuery query) {
    return new Paths("/analytics/timeline").put("bucket", bucket.toSeconds()).with(query);
  }

  private String with(AnalyticsQuery query) {
    return put("event_name", query.eventName())
        .put("conversation_id", query.conversationId())
        .put("from", query.from())
        .put("to", query.to())
        .put("days", query.days())
        .put("limit", query.limit())
        .put("after", query.after())
        .path
        .toString();
  }

  private Paths put(String name, @Nullable Object value) {
    if (value != null) {
      path.append(separator).append(name).append('=').append(encoded(value.toString()));
      separator = '&';
    }
    return this;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
