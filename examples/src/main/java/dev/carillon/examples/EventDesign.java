package dev.carillon.examples;

import dev.carillon.dataservices.EventMessage;
import java.util.Map;

/** How events are best made: what to name them, what to put in and what to leave out. */
public final class EventDesign {

  private EventDesign() {}

  /** The topic says what happened and how it ended; the data says what is needed to act on it. */
  public static EventMessage qualityApproved(String sampleId) {
    // good: "sample.processing.completed", better: "sample.quality_control.passed"
    return EventMessage.builder()
        .topic("sample.dna_extraction.quality_approved")
        .subjects(sampleId)
        // enough to act on; who lab_tech_1 is stands in another system
        .data(Map.of("operator", "lab_tech_1", "duration_minutes", 45, "status", "completed"))
        .build();
  }

  /** An event about a sample and the batch it belongs to. */
  public static EventMessage processingStarted() {
    return EventMessage.builder()
        .topic("sample.processing.started")
        .subjects("sample-123", "batch-456")
        .data(
            Map.of(
                "workflow", "DNA_Extraction",
                "operator", "lab_tech_1",
                "equipment", "robot-arm-2",
                "estimated_completion", "2023-10-15T14:30:00Z"))
        .tags("processing", "dna", "automated")
        .build();
  }

  /** An event about a machine. */
  public static EventMessage statusChanged() {
    return EventMessage.builder()
        .topic("equipment.status.changed")
        .subjects("centrifuge-001")
        .data(
            Map.of(
                "previous_status",
                "idle",
                "new_status",
                "running",
                "speed_rpm",
                3000,
                "temperature",
                4.0))
        .tags("equipment", "status", "centrifuge")
        .build();
  }

  /** An event about a check. */
  public static EventMessage qualityChecked() {
    return EventMessage.builder()
        .topic("quality.check.completed")
        .subjects("qc-batch-789")
        .data(
            Map.of(
                "passed",
                true,
                "score",
                98.5,
                "criteria",
                "contamination_check",
                "notes",
                "All samples passed contamination screening"))
        .tags("quality", "validation", "contamination")
        .build();
  }
}
