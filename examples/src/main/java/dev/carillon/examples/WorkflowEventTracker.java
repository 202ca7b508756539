package dev.carillon.examples;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.PublishConfirmation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what happens to a sample on its way through a laboratory. */
public final class WorkflowEventTracker implements AutoCloseable {

  private final EventClient eventClient;

  /** Tracks to the service at this URL. */
  public WorkflowEventTracker(String apiUrl) {
    eventClient = EventClient.of(apiUrl);
  }

  /** A sample came in. */
  public PublishConfirmation trackSampleReceived(String sampleId, String operator) {
    return eventClient.publishEvent(
        EventMessage.builder()
            .topic("sample.received")
            .subjects(sampleId)
            .data(
                Map.of(
                    "operator",
                    operator,
                    "received_at",
                    Instant.now(),
                    "status",
                    "pending_processing"))
            .tags("sample", "intake")
            .build());
  }

  /** A sample is done; its quality score and duration are lifted out of the results if there. */
  public PublishConfirmation trackProcessingCompleted(
      String sampleId, Map<String, ? extends @Nullable Object> results) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("results", results);
    data.put("quality_score", results.get("quality_score"));
    data.put("processing_time", results.get("duration"));
    return eventClient.publishEvent(
        EventMessage.builder()
            .topic("sample.processing.completed")
            .subjects(sampleId)
            .data(EventClient.removeNullValues(data))
            .tags("sample", "processing", "completed")
            .build());
  }

  @Override
  public void close() {
    eventClient.close();
  }
}
