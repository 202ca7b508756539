package dev.carillon.analytics;

import java.time.Instant;

/** Reads each kind of result from its object in an answer. */
final class Results {

  private Results() {}

  static AnalyticsEvent event(Fields fields) {
    Instant created = fields.time("created_at");
    return new AnalyticsEvent(
        fields.text("id"),
        fields.text("conversation_id"),
        ConversationMetadata.stored(fields.text("conversation_metadata")),
        fields.text("event_name"),
        fields.text("error"),
        fields.number("latency"),
        fields.text("input"),
        fields.floats("input_embeddings"),
        fields.text("output"),
        fields.floats("output_embeddings"),
        created,
        fields.timeOr(created, "updated_at"));
  }

  static ErrorCount errorCount(Fields fields) {
    return new ErrorCount(
        fields.date("date"),
        fields.text("event_name"),
        fields.count("error_count"),
        fields.count("total_count"));
  }

  static LatencyStats latencyStats(Fields fields) {
    return new LatencyStats(
        fields.text("conversation_id"),
        fields.text("event_name"),
        fields.number("p95_latency"),
        fields.count("event_count"));
  }

  static SessionErrors sessionErrors(Fields fields) {
    return new SessionErrors(
        fields.text("conversation_id"),
        fields.count("total_events"),
        fields.count("error_events"),
        fields.number("error_rate"));
  }

  static TimelineBucket timelineBucket(Fields fields) {
    return new TimelineBucket(
        fields.time("bucket"),
        fields.text("event_name"),
        fields.count("events"),
        fields.count("errors"),
        fields.number("error_rate"),
        fields.number("p50_latency"),
        fields.number("p95_latency"),
        fields.number("p99_latency"));
  }

  static NameLatency nameLatency(Fields fields) {
    return new NameLatency(
        fields.text("event_name"),
        fields.count("event_count"),
        fields.number("p50_latency"),
        fields.number("p95_latency"),
        fields.number("p99_latency"),
        fields.number("max_latency"));
  }

  static SlowSession slowSession(Fields fields) {
    return new SlowSession(
        fields.text("conversation_id"),
        fields.count("event_count"),
        fields.number("p95_latency"),
        fields.number("max_latency"),
        fields.number("total_latency"));
  }

  static Totals totals(Fields fields) {
    return new Totals(period(fields.object("current")), period(fields.object("previous")));
  }

  private static Totals.Period period(Fields fields) {
    return new Totals.Period(
        fields.time("from"),
        fields.time("to"),
        fields.count("events"),
        fields.count("errors"),
        fields.number("error_rate"),
        fields.count("conversations"),
        fields.number("p50_latency"),
        fields.number("p95_latency"),
        fields.number("p99_latency"));
  }
}
