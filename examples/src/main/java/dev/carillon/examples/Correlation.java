package dev.carillon.examples;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.EventQuery;
import dev.carillon.dataservices.StoredEvent;
import java.util.List;
import java.util.Map;

/** Events that belong together share a trace id, and are found again by it. */
public final class Correlation {

  private Correlation() {}

  /** Publishes two events of one batch and reads back all that belong to it. */
  public static List<StoredEvent> track(EventClient client, String batchId) {
    // docs:begin correlation
    client.publishEvent(
        EventMessage.builder()
            .topic("batch.processing.started")
            .subjects(batchId)
            .sourceTraceIds(batchId)
            .data(Map.of("sample_count", 24))
            .build());
    client.publishEvent(
        EventMessage.builder()
            .topic("batch.processing.progress")
            .subjects(batchId)
            .sourceTraceIds(batchId)
            .data(Map.of("completed_samples", 12, "progress_percent", 50))
            .build());

    EventQuery ofThisBatch = EventQuery.builder().sourceTraceIds(batchId).build();
    return client.streamEvents(ofThisBatch).toList();
    // docs:end correlation
  }
}
