package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoTableTest {

  private static final DemoLeg LEG = new BatchLeg("EventClient.publishBatch");

  @Test
  void isCompleteWhenEverythingIsThereOnce() {
    DemoTable table = table(Map.of("a", 1L, "b", 1L));

    assertThat(table.isComplete()).isTrue();
    assertThat(print(table))
        .containsPattern("client +transport +sent +received +how far +stored +twice +missing +ms")
        .containsPattern("EventClient.publishBatch +HTTP, batch +2 +2 +stored +2 +0 +0 +12");
  }

  @Test
  void isNotCompleteWhenAnEventIsMissing() {
    DemoTable table = table(Map.of("a", 1L));

    assertThat(table.isComplete()).isFalse();
    assertThat(print(table)).containsPattern("2 +2 +stored +1 +0 +1 +12");
  }

  @Test
  void isNotCompleteWhenAnEventIsThereTwice() {
    DemoTable table = table(Map.of("a", 1L, "b", 2L));

    assertThat(table.isComplete()).isFalse();
    assertThat(print(table)).containsPattern("2 +2 +stored +2 +1 +0 +12");
  }

  private static DemoTable table(Map<String, Long> found) {
    DemoTable table = new DemoTable(new ReadBack(found), new ReadBack(Map.of("a", 1L, "b", 1L)));
    table.add(
        LEG, new LegResult(List.of("a", "b"), List.of(ok("a"), ok("b")), Duration.ofMillis(12)));
    return table;
  }

  private static Outcome ok(String id) {
    return Outcome.accepted(new Receipt(id, Guarantee.STORED, Instant.EPOCH));
  }

  private static String print(DemoTable table) {
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text, true));
    return text.toString();
  }
}
