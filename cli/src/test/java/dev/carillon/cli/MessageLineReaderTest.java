package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.dataservices.EventMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageLineReaderTest {

  private final MessageLineReader reader = new MessageLineReader();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-10-13T07:00:00Z",
        "2026-10-13T07:00:00",
        "2026-10-13T09:00:00+02:00",
        "2026-10-13T07:00:00.000000Z"
      })
  void readsTimesWithAndWithoutAnOffset(String time) throws BadMessageException {
    EventMessage message =
        read("{\"topic\":\"a\",\"subjects\":[],\"data\":{},\"created_date_utc\":\"" + time + "\"}");

    assertThat(message.createdDateUtc()).isEqualTo(Instant.parse("2026-10-13T07:00:00Z"));
  }

  @Test
  void takesNullForAbsent() throws BadMessageException {
    EventMessage message =
        read(
            "{\"topic\":\"a\",\"subjects\":[],\"data\":{\"a\":null},\"tags\":null,\"user_id\":null}");

    assertThat(message.tags()).isEmpty();
    assertThat(message.userId()).isNull();
    assertThat(message.data()).containsEntry("a", null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"topic\":1}|topic: must be a string",
        "{\"subjects\":[\"a\",1]}|subjects[1]: must be a string",
        "{\"data\":[1]}|data: must be a JSON object",
        "{\"data\":\"[1]\"}|data: must be a JSON object",
        "{\"created_date_utc\":\"yesterday\"}|created_date_utc: is not an ISO 8601 time",
        "{\"attributes\":[]}|attributes: must be a JSON object",
        "{\"topic\":\"a\",\"topic\":\"b\"}|Duplicate field 'topic'",
        "{} {}|not JSON",
        "''|not a JSON object"
      })
  void saysWhichMemberIsWrong(String json, String complaint) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(BadMessageException.class)
        .hasMessageContaining(complaint);
  }

  private EventMessage read(String json) throws BadMessageException {
    return reader.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
