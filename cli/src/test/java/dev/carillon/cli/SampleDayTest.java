package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.dataservices.EventMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDayTest {

  private static final Map<String, String> BEFORE =
      Map.of(
          "sample.rejected", "sample.received",
          "sample.processing.started", "sample.received",
          "sample.processing.completed", "sample.processing.started",
          "sample.stored", "sample.processing.completed",
          "batch.processing.completed", "batch.processing.started");

  private final List<EventMessage> day = readDay();

  private static List<EventMessage> readDay() {
    try {
      return SampleDay.read(null);
    } catch (IOException | BadMessageException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hasAFixedIdForEveryEvent() {
    assertThat(day).hasSizeBetween(300, 400);
    assertThat(day)
        .extracting(event -> UUID.fromString(String.valueOf(event.id())))
        .doesNotHaveDuplicates();
  }

  @Test
  void passesOverBlankLinesOfAFile(@TempDir Path folder) throws Exception {
    String event = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";
    Path file = Files.writeString(folder.resolve("day"), "\n" + event + "\n \t\r\n" + event + "\n");
    assertThat(SampleDay.read(file)).hasSize(2);
  }

  @Test
  void isInTheOrderOfTime() {
    assertThat(day)
        .extracting(EventMessage::createdDateUtc)
        .doesNotContainNull()
        .isSortedAccordingTo((a, b) -> a.compareTo(b));
  }

  @Test
  void everySampleGoesThroughItsLife() {
    Map<String, Set<String>> seen = new HashMap<>();
    for (EventMessage event : day) {
      String before = BEFORE.get(event.topic());
      String subject = event.subjects().get(0);
      Set<String> topics = seen.computeIfAbsent(subject, any -> new HashSet<>());
      if (before != null) {
        assertThat(topics).as("%s of %s", event.topic(), subject).contains(before);
      }
      topics.add(event.topic());
    }
  }

  @Test
  void equipmentContinuesWhereItWas() {
    Map<String, Object> status = new HashMap<>();
    for (EventMessage event : day) {
      if (event.topic().equals("equipment.status.changed")) {
        String equipment = event.subjects().get(0);
        assertThat(event.data())
            .containsEntry("previous_status", status.getOrDefault(equipment, "offline"));
        status.put(equipment, String.valueOf(event.data().get("new_status")));
      }
    }
    assertThat(status).isNotEmpty();
  }

  @Test
  void eventsOfABatchShareItsTraceId() {
    assertThat(day)
        .filteredOn(event -> event.topic().startsWith("sample."))
        .allSatisfy(
            event ->
                assertThat(event.sourceTraceIds()).singleElement().asString().startsWith("batch-"));
  }
}
