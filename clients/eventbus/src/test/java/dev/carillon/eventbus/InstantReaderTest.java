package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are read as Jackson reads them. */
final class InstantReaderTest {

  private final ObjectMapper ours = JacksonEncoding.defaults(TestEvents.Kind.class).build();
  private final ObjectMapper jacksons = new ObjectMapper().registerModule(new JavaTimeModule());

  record OfADay(
      @JsonFormat(pattern = "dd.MM.yyyy HH:mm", timezone = "UTC") Instant time, Instant other) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"2026-11-01T12:00:00Z\"",
        "\"2026-11-01T12:00:00.1Z\"",
        "\"2026-11-01T12:00:00.123456789Z\"",
        "\"2026-11-01T13:00:00.123456+01:00\"",
        "\"1969-12-31T23:59:59.999Z\"",
        "\"+12026-11-01T12:00:00Z\"",
        "\"2026-11-01T12:00:00+0000\"",
        "1793534400",
        "1793534400.123456",
        "\"1793534400\"",
        "\"\"",
        "null"
      })
  void readsWhatJacksonReads(String json) throws JsonProcessingException {
    assertThat(ours.readValue(json, Instant.class))
        .isEqualTo(jacksons.readValue(json, Instant.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"2026-11-01\"",
        "\"2026-13-01T12:00:00Z\"",
        "\"2026-11-01 12:00:00Z\"",
        "\"2026-11-01T12:00Z\"",
        "\"2026-11-01T12:00:00ZZ\"",
        "\"2026-11-01T12:00:00Zjunk\"",
        "\"2026-11-01T12:00:00Z+02:00\"",
        "\"2026-11-01T12:00:00+01x00\"",
        "\"2026-11-01T12:00:60Z\"",
        "\"soon\"",
        "true",
        "{}"
      })
  void refusesWhatJacksonRefuses(String json) {
    assertThatThrownBy(() -> jacksons.readValue(json, Instant.class))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> ours.readValue(json, Instant.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void leavesAFormatOfItsOwnToAProperty() throws JsonProcessingException {
    String json = "{\"time\":\"01.11.2026 12:00\",\"other\":\"2026-11-01T12:00:00Z\"}";
    OfADay read = ours.readValue(json, OfADay.class);
    assertThat(read.time()).isEqualTo(read.other());
  }
}
