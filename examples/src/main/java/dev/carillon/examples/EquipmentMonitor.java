package dev.carillon.examples;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.PublishConfirmation;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reports the state of equipment: often and without waiting, and maintenance for certain. */
public final class EquipmentMonitor implements AutoCloseable {

  private final EventClient eventClient;

  /** Reports to the service at this URL. */
  public EquipmentMonitor(String apiUrl) {
    eventClient = EventClient.of(apiUrl);
  }

  /** Reports a status without waiting for the answer. */
  public CompletableFuture<PublishConfirmation> monitorEquipmentStatus(
      String equipmentId, Map<String, ? extends @Nullable Object> statusData) {
    return eventClient.publishAsync(
        EventMessage.builder()
            .topic("equipment." + equipmentId + ".status")
            .subjects(equipmentId)
            .data(statusData)
            .tags("equipment", "monitoring", "status")
            .build());
  }

  /** Reports maintenance and returns once the service has it. */
  public PublishConfirmation reportMaintenanceEvent(String equipmentId, String maintenanceType) {
    return eventClient.publishEvent(
        EventMessage.builder()
            .topic("equipment.maintenance.scheduled")
            .subjects(equipmentId)
            .data(
                Map.of(
                    "maintenance_type",
                    maintenanceType,
                    "scheduled_date",
                    Instant.now(),
                    "priority",
                    "routine"))
            .tags("equipment", "maintenance")
            .build());
  }

  @Override
  public void close() {
    eventClient.close();
  }
}
