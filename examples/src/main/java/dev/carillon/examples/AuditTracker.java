package dev.carillon.examples;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.PublishConfirmation;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes an audit trail of what users and systems do. */
public final class AuditTracker implements AutoCloseable {

  private final EventClient eventClient;

  /** Writes to the service at this URL. */
  public AuditTracker(String apiUrl) {
    eventClient = EventClient.of(apiUrl);
  }

  /** A user did something to a resource. */
  public PublishConfirmation logUserAction(String userId, String action, String resourceId) {
    return logUserAction(userId, action, resourceId, Map.of());
  }

  /** A user did something to a resource, of which there is more to tell. */
  public PublishConfirmation logUserAction(
      String userId,
      String action,
      String resourceId,
      Map<String, ? extends @Nullable Object> details) {
    return eventClient.publishEvent(
        EventMessage.builder()
            .topic("user.action." + action)
            .subjects(resourceId)
            .userId(userId)
            .data(
                Map.of(
                    "user_id", userId,
                    "action", action,
                    "timestamp", Instant.now(),
                    "details", details))
            .tags("audit", "user_action", action)
            .build());
  }

  /** A part of the system did something by itself. */
  public PublishConfirmation logSystemEvent(
      String eventType, String systemComponent, Map<String, ? extends @Nullable Object> details) {
    return eventClient.publishEvent(
        EventMessage.builder()
            .topic("system." + eventType)
            .subjects(systemComponent)
            .data(
                Map.of(
                    "component", systemComponent,
                    "event_type", eventType,
                    "details", details,
                    "timestamp", Instant.now()))
            .tags("system", "audit", eventType)
            .build());
  }

  @Override
  public void close() {
    eventClient.close();
  }
}
