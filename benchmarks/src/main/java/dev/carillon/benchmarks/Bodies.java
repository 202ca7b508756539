package dev.carillon.benchmarks;

import java.util.StringJoiner;

/** What is posted: laboratory events without an id, as deployed clients send them, or with one. */
final class Bodies {

  private static final String EVENT =
      """
      {"topic":"%s","subjects":["sample-123"],"data":{"operator":"lab_tech_1",\
      "processing_time":"00:45:30","status":"completed"},"tags":["laboratory","processing"],\
      "created_date_utc":"2026-03-02T08:15:00Z","source_trace_ids":["batch-7"]}""";

  private Bodies() {}

  static String event(String topic) {
    return EVENT.formatted(topic);
  }

  static String batch(int events) {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = 0; i < events; i++) {
      batch.add(event("sample.processed." + i % 20));
    }
    return batch.toString();
  }

  /** A batch whose events have ids, others in each request. */
  static String batchWithIds(int events) {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = 0; i < events; i++) {
      String event = event("sample.processed." + i % 20);
      batch.add("{\"id\":\"%s-%d\",%s".formatted(Wrk.UNIQUE, i, event.substring(1)));
    }
    return batch.toString();
  }
}
