package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.hub.store.Operation.Kind;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationTest {

  private static final UUID ID = UUID.fromString("018f0000-0000-7000-8000-00000000002a");

  private static Operation read(String data) {
    return Operation.of(
        """
        {"operation":"update","event_id":"%s","timestamp":"2026-03-02T08:15:00.123Z","data":%s}"""
            .formatted(ID, data)
            .getBytes(UTF_8));
  }

  private static String fields(Operation operation) {
    return new String(operation.fields().json(), UTF_8);
  }

  @Test
  void comesBackAsItWasWritten() {
    EventFields fields =
        EventFields.builder()
            .conversationId("c \u00fc \ud83d\ude00")
            .conversationMetadata("{\"a\": \"\\\\ \u001f\"}")
            .eventName("event_a")
            .error("")
            .latency(1e-9)
            .inputEmbeddings(new double[] {0.1, 3, -7e300})
            .build();
    Operation written = new Operation(Kind.CREATE, ID, Instant.ofEpochMilli(1), fields);
    Operation read = Operation.of(written.toJson());
    assertThat(read.kind()).isEqualTo(Kind.CREATE);
    assertThat(read.eventId()).isEqualTo(ID);
    assertThat(read.at()).isEqualTo(written.at());
    assertThat(read.fields().conversationId()).isEqualTo(fields.conversationId());
    assertThat(read.fields().failed()).isFalse();
    assertThat(read.fields().latency()).isEqualTo(1e-9);
    assertThat(read.fields().json()).isEqualTo(fields.json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"output\":\"x\"}           | {\"output\":\"x\"}",
        "{\"output\": \"\\\"x\\\"\"}    | {\"output\": \"\\\"x\\\"\"}",
        "{\"output\":\"\\n\\/\\\\u\"}  | {\"output\":\"\\n\\/\\\\u\"}",
        "{\"output\":\"\\u0041\"}      | {\"output\":\"A\"}",
        "{\"output\":\"\",\"input_embeddings\":[1.50,2E3]} | {\"output\":\"\",\"input_embeddings\":[1.50,2E3]}",
        "{\"output_embeddings\":[1.50],\"more\":[{}]} | {\"output_embeddings\":[1.5]}",
        "{\"output\":\"x\",\"more\":1}  | {\"output\":\"x\"}",
        "{\"output\":\"x\",\"input\":null} | {\"output\":\"x\"}",
        "{\"output\":\"x\",\"output\":\"y\"} | {\"output\":\"y\"}",
        "{\"output\": \"ü\"}           | {\"output\":\"ü\"}",
        "`{\n\"output\":\"x\"}`        | {\"output\":\"x\"}",
      })
  void keepsOfFieldsNothingElseAndOnOneLine(String data, String kept) {
    assertThat(fields(read(data))).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"output\":\"%s\\u0041y\"} | {\"output\":\"%sAy\"}",
        "{\"output\": \"%süy\"}     | {\"output\":\"%süy\"}",
        "`{\"output\":\"%s\"\n}`   | {\"output\":\"%s\"}",
        "{\"output\": \"%s\\ny\"}   | {\"output\": \"%s\\ny\"}",
      })
  void seesWhatIsNotPlainWhereverItIs(String data, String kept) {
    for (int length = 0; length <= 20; length++) {
      String before = "x".repeat(length);
      assertThat(fields(read(data.formatted(before)))).isEqualTo(kept.formatted(before));
    }
  }

  @Test
  void readsAnyEncodingOfJson() {
    Operation operation = read("{\"output\":\"x\"}");
    byte[] utf16 = new String(operation.toJson(), UTF_8).getBytes(UTF_16BE);
    assertThat(fields(Operation.of(utf16))).isEqualTo("{\"output\":\"x\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-02T09:15:00.123+01:00", "2026-03-02T08:15:00.123Z"})
  void readsTimesWithAnyOffset(String time) {
    String json = new String(read("{}").toJson(), UTF_8).replaceAll("2026[^\"]*", time);
    assertThat(Operation.of(json.getBytes(UTF_8)).at())
        .isEqualTo(Instant.parse("2026-03-02T08:15:00.123Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-02T08:15:00.123999Z", "2026-03-02T10:15:00.123000001+02:00"})
  void readsTimesInWholeMilliseconds(String time) {
    readsTimesWithAnyOffset(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"output\":1}",
        "{\"latency\":\"1\"}",
        "{\"latency\":1e999}",
        "{\"latency\":-0.001}",
        "{\"output\":\"x\"",
        "{\"output\":\"x",
        "{\"input_embeddings\":{\"0\":1}}",
        "{\"input_embeddings\":[1,\"2\"]}",
        "{\"input_embeddings\":[1",
        "{\"input_embeddings\":[1e999]}",
        "{\"output_embeddings\":[0.5,-1E+999]}",
        "{\"output\":\"\\u0041\",\"input_embeddings\":[1e999]}",
        "{\"more\":1,\"output_embeddings\":[-1e999]}",
      })
  void refusesWhatIsNone(String data) {
    assertThatThrownBy(() -> read(data)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesDigitsThatAreTooManyForADouble() {
    String digits = "9".repeat(309);
    String json = "{\"input_embeddings\":[%s]}";
    assertThatThrownBy(() -> read(json.formatted(digits)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(fields(read(json.formatted(digits + "e-1"))))
        .isEqualTo(json.formatted(digits + "e-1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"data\":null", ",\"data\":\"{}\"", ",\"data\":[1,{\"a\":2}]"})
  void needsDataUnlessItIsADelete(String data) {
    String json =
        """
        {"operation":"%s"%s,"event_id":"%s","timestamp":"2026-03-02T08:15:00.123Z"}""";
    for (String kind : new String[] {"create", "update"}) {
      assertThatThrownBy(() -> Operation.of(json.formatted(kind, data, ID).getBytes(UTF_8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("data");
    }
    Operation delete = Operation.of(json.formatted("delete", data, ID).getBytes(UTF_8));
    assertThat(delete.eventId()).isEqualTo(ID);
    assertThat(fields(delete)).isEqualTo("{}");
  }
}
