package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class EventFieldsTest {

  private static final EventFields BASE =
      EventFields.builder()
          .conversationId("c")
          .conversationMetadata("{\"k\":\"\u00b5 \ud83c\udf89\"}")
          .eventName("event_a")
          .latency(5.0)
          .input("in \"quoted\"\n")
          .inputEmbeddings(new double[] {0.1, -1e-300, 3})
          .output("out")
          .build();

  @Test
  void lieOverOthers() {
    EventFields over =
        EventFields.builder().error("e").latency(9.0).outputEmbeddings(new double[0]).build();

    EventFields merged = over.over(BASE);

    EventFields expected =
        EventFields.builder()
            .conversationId("c")
            .conversationMetadata("{\"k\":\"\u00b5 \ud83c\udf89\"}")
            .eventName("event_a")
            .error("e")
            .latency(9.0)
            .input("in \"quoted\"\n")
            .inputEmbeddings(new double[] {0.1, -1e-300, 3})
            .output("out")
            .outputEmbeddings(new double[0])
            .build();
    assertThat(EventFields.of(merged.json()).json()).isEqualTo(expected.json());
    assertThat(merged.conversationId()).isEqualTo("c");
    assertThat(merged.eventName()).isEqualTo("event_a");
    assertThat(merged.failed()).isTrue();
    assertThat(merged.latency()).isEqualTo(9.0);
  }

  @Test
  void mayBeNoneOrAll() {
    assertThat(EventFields.NONE.over(BASE).json()).isEqualTo(BASE.json());
    assertThat(BASE.over(EventFields.NONE).json()).isEqualTo(BASE.json());
    assertThat(BASE.over(BASE).json()).isEqualTo(BASE.json());
    assertThat(EventFields.NONE.over(EventFields.NONE).json()).isEqualTo(EventFields.NONE.json());
  }

  @Test
  void keepNumbersAndTextsAsTheyWereWritten() throws Exception {
    EventFields base =
        read("{ \"input_embeddings\" : [ 1.50, 2e0 ] , \"latency\" : 5.10,\"input\":\"a\\/b\" }");
    EventFields over = read("{\"input\":\"\\u00e9\",\"latency\": 1.0 }");

    assertThat(new String(over.over(base).json(), UTF_8))
        .isEqualTo("{\"latency\":1.0,\"input\":\"\u00e9\",\"input_embeddings\" : [ 1.50, 2e0 ]}");
    assertThat(new String(base.over(over).json(), UTF_8)).isEqualTo(new String(base.json(), UTF_8));
  }

  @Test
  void areNotHiddenByNull() throws Exception {
    EventFields over = read("{\"input\":null,\"latency\":7,\"conversation_id\":null}");

    EventFields.Values values = over.over(BASE).values();

    assertThat(values.input()).isEqualTo("in \"quoted\"\n");
    assertThat(values.conversationId()).isEqualTo("c");
    assertThat(values.latency()).isEqualTo(7);
  }

  private static EventFields read(String json) throws Exception {
    byte[] bytes = json.getBytes(UTF_8);
    try (var parser = new JsonFactory().createParser(bytes)) {
      parser.nextToken();
      return FieldsJson.read(parser, new JsonText(ByteBuffer.wrap(bytes), 0));
    }
  }
}
