package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore.Bucket;
import dev.carillon.hub.store.AnalyticsStore.ErrorDay;
import dev.carillon.hub.store.AnalyticsStore.NameLatency;
import dev.carillon.hub.store.AnalyticsStore.Percentiles;
import dev.carillon.hub.store.AnalyticsStore.SessionErrors;
import dev.carillon.hub.store.AnalyticsStore.SessionLatency;
import dev.carillon.hub.store.AnalyticsStore.SlowSession;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Analytics events, and the answers about them, as the wire shows them. */
final class AnalyticsView {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private AnalyticsView() {}

  static void event(JsonGenerator json, EventVersion event) throws IOException {
    EventFields.Values values = event.fields().values();
    json.writeStartObject();
    json.writeStringField("id", event.id().toString());
    json.writeStringField("conversation_id", values.conversationId());
    json.writeStringField("conversation_metadata", values.conversationMetadata());
    json.writeStringField("event_name", values.eventName());
    json.writeStringField("error", values.error());
    json.writeNumberField("latency", values.latency());
    json.writeStringField("input", values.input());
    numbers(json, "input_embeddings", values.inputEmbeddings());
    json.writeStringField("output", values.output());
    numbers(json, "output_embeddings", values.outputEmbeddings());
    json.writeStringField("created_at", MILLIS.format(event.createdAt()));
    json.writeStringField("updated_at", MILLIS.format(event.updatedAt()));
    json.writeEndObject();
  }

  private static void numbers(JsonGenerator json, String name, double[] numbers)
      throws IOException {
    json.writeFieldName(name);
    json.writeArray(numbers, 0, numbers.length);
  }

  static void errorDay(JsonGenerator json, ErrorDay day) throws IOException {
    json.writeStartObject();
    json.writeStringField("date", day.date().toString());
    json.writeStringField("event_name", day.eventName());
    json.writeNumberField("error_count", day.errorCount());
    json.writeNumberField("total_count", day.totalCount());
    json.writeEndObject();
  }

  static void sessionLatency(JsonGenerator json, SessionLatency session) throws IOException {
    json.writeStartObject();
    json.writeStringField("conversation_id", session.conversationId());
    json.writeStringField("event_name", session.eventName());
    json.writeNumberField("p95_latency", session.p95Latency());
    json.writeNumberField("event_count", session.eventCount());
    json.writeEndObject();
  }

  static void sessionErrors(JsonGenerator json, SessionErrors session) throws IOException {
    json.writeStartObject();
    json.writeStringField("conversation_id", session.conversationId());
    json.writeNumberField("total_events", session.totalEvents());
    json.writeNumberField("error_events", session.errorEvents());
    json.writeNumberField("error_rate", session.errorRate());
    json.writeEndObject();
  }

  static void slowSession(JsonGenerator json, SlowSession session) throws IOException {
    json.writeStartObject();
    json.writeStringField("conversation_id", session.conversationId());
    json.writeNumberField("event_count", session.eventCount());
    json.writeNumberField("p95_latency", session.p95Latency());
    json.writeNumberField("max_latency", session.maxLatency());
    json.writeNumberField("total_latency", session.totalLatency());
    json.writeEndObject();
  }

  static void nameLatency(JsonGenerator json, NameLatency name) throws IOException {
    json.writeStartObject();
    json.writeStringField("event_name", name.eventName());
    json.writeNumberField("event_count", name.eventCount());
    percentiles(json, name.latency());
    json.writeNumberField("max_latency", name.maxLatency());
    json.writeEndObject();
  }

  static void bucket(JsonGenerator json, Bucket bucket) throws IOException {
    json.writeStartObject();
    json.writeStringField("bucket", MILLIS.format(bucket.from()));
    json.writeStringField("event_name", bucket.eventName());
    json.writeNumberField("events", bucket.events());
    json.writeNumberField("errors", bucket.errors());
    json.writeNumberField("error_rate", bucket.errorRate());
    percentiles(json, bucket.latency());
    json.writeEndObject();
  }

  static void totals(JsonGenerator json, AnalyticsQuery query, Totals totals) throws IOException {
    json.writeStartObject();
    json.writeStringField("from", text(query.from()));
    json.writeStringField("to", text(query.to()));
    json.writeNumberField("events", totals.events());
    json.writeNumberField("errors", totals.errors());
    json.writeNumberField("error_rate", totals.errorRate());
    json.writeNumberField("conversations", totals.conversations());
    percentiles(json, totals.latency());
    json.writeEndObject();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : MILLIS.format(time);
  }

  private static void percentiles(JsonGenerator json, Percentiles latency) throws IOException {
    json.writeNumberField("p50_latency", latency.p50());
    json.writeNumberField("p95_latency", latency.p95());
    json.writeNumberField("p99_latency", latency.p99());
  }
}
