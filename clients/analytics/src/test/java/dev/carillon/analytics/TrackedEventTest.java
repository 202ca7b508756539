package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.analytics.AnalyticsValidationException.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be tracked, what cannot, and how it looks on the wire. */
class TrackedEventTest {

  private static final String ID = "7808ae0a-4a86-468d-88cb-ef4112d2fc9b";

  private static TrackedEvent.Builder event() {
    return TrackedEvent.builder("conv_123", "event_a").id(ID);
  }

  private static @Nullable Object json(byte[] bytes) {
    try {
      return Json.read(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void writesAllNineFieldsAndItsId() {
    TrackedEvent event =
        event()
            .error("timeout")
            .latency(142.5)
            .input("What is the weather today?")
            .inputEmbeddings(0.1f, -2f)
            .output("It's sunny and 75°F. 🌞")
            .outputEmbeddings(List.of(0.5, 0.25))
            .conversationMetadata("{\"user_id\": \"u_456\", \"session\": 7}")
            .build();

    assertThat(json(EventJson.create(event)))
        .isEqualTo(
            Map.of(
                "id",
                ID,
                "conversation_id",
                "conv_123",
                "event_name",
                "event_a",
                "conversation_metadata",
                "{\"user_id\": \"u_456\", \"session\": 7}",
                "error",
                "timeout",
                "latency",
                142.5,
                "input",
                "What is the weather today?",
                "input_embeddings",
                List.of(0.1, -2.0),
                "output",
                "It's sunny and 75°F. 🌞",
                "output_embeddings",
                List.of(0.5, 0.25)));
  }

  @Test
  void leavesOutWhatIsEmpty() {
    assertThat(json(EventJson.create(event().build())))
        .isEqualTo(Map.of("id", ID, "conversation_id", "conv_123", "event_name", "event_a"));
  }

  @Test
  void whatIsNullIsNotGiven() {
    TrackedEvent event =
        event()
            .error("timeout")
            .error(new IllegalStateException().getMessage())
            .latency(7)
            .latency(null)
            .input(null)
            .inputEmbeddings((float[]) null)
            .inputEmbeddings((List<Float>) null)
            .output(null)
            .outputEmbeddings((float[]) null)
            .outputEmbeddings((List<Float>) null)
            .conversationMetadata((ConversationMetadata) null)
            .conversationMetadata((Map<String, ?>) null)
            .conversationMetadata((String) null)
            .build();

    assertThat(event).isEqualTo(event().build());
    assertThat(UUID.fromString(event().id(null).build().id())).isNotNull();
  }

  @Test
  void isWrittenOnOneLine() {
    byte[] json = EventJson.create(event().input("two\nlines\r\n").build());

    assertThat(new String(json, java.nio.charset.StandardCharsets.UTF_8)).doesNotContain("\n");
  }

  @Test
  void hasAnIdOfItsOwnFromTheBeginning() {
    TrackedEvent one = TrackedEvent.of("c", "event_a");

    assertThat(UUID.fromString(one.id())).hasToString(one.id());
    assertThat(one.id()).isNotEqualTo(TrackedEvent.of("c", "event_a").id());
  }

  @Test
  void updateWritesOnlyWhatIsGiven() {
    EventUpdate update =
        EventUpdate.builder().error("").latency(350).outputEmbeddings(new float[0]).build();

    assertThat(json(EventJson.update(update)))
        .isEqualTo(Map.of("error", "", "latency", 350.0, "output_embeddings", List.of()));
    assertThat(json(EventJson.update(ID, update)))
        .isEqualTo(
            Map.of(
                "operation",
                "update",
                "id",
                ID,
                "error",
                "",
                "latency",
                350.0,
                "output_embeddings",
                List.of()));
  }

  @Test
  void whatIsNullChangesNothing() {
    EventUpdate update =
        EventUpdate.builder()
            .conversationId(null)
            .eventName(null)
            .error(null)
            .latency(null)
            .input(null)
            .inputEmbeddings((float[]) null)
            .inputEmbeddings((List<Float>) null)
            .output("better")
            .outputEmbeddings((float[]) null)
            .outputEmbeddings((List<Float>) null)
            .conversationMetadata((ConversationMetadata) null)
            .conversationMetadata((Map<String, ?>) null)
            .conversationMetadata((String) null)
            .build();

    assertThat(json(EventJson.update(update))).isEqualTo(Map.of("output", "better"));
  }

  @Test
  void updateOfNothingIsRefused() {
    assertThatThrownBy(() -> EventUpdate.builder().build())
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("no fields to update");
  }

  static Stream<Arguments> wrongEvents() {
    return Stream.of(
        wrong("conversation_id", b -> TrackedEvent.builder(" ", "event_a")),
        wrong("conversation_id", b -> TrackedEvent.builder("c".repeat(257), "event_a")),
        wrong("conversation_id", b -> TrackedEvent.builder("a\0b", "event_a")),
        wrong("event_name", b -> TrackedEvent.builder("c", "")),
        wrong("event_name", b -> TrackedEvent.builder("c", "e".repeat(129))),
        wrong("id", b -> b.id("not-a-uuid")),
        wrong("id", b -> b.id("1-1-1-1-1")),
        wrong("latency", b -> b.latency(Double.NaN)),
        wrong("latency", b -> b.latency(-0.5)),
        wrong("latency", b -> b.latency(Double.POSITIVE_INFINITY)),
        wrong("input", b -> b.input("nul \0")),
        wrong("output", b -> b.output("half \ud83d")),
        wrong("output", b -> b.output("\ude00 half")),
        wrong("error", b -> b.error("\ud83d\ud83d")),
        wrong("input_embeddings[1]", b -> b.inputEmbeddings(1, Float.NaN)),
        wrong("output_embeddings[0]", b -> b.outputEmbeddings(List.of(1e300))),
        wrong("output_embeddings", b -> b.outputEmbeddings(new float[100_000])));
  }

  private static Arguments wrong(String field, UnaryOperator<TrackedEvent.Builder> change) {
    return Arguments.of(field, change);
  }

  @ParameterizedTest
  @MethodSource("wrongEvents")
  void namesTheFieldThatIsWrong(String field, UnaryOperator<TrackedEvent.Builder> change) {
    assertThat(violations(() -> change.apply(event()).build()))
        .extracting(Violation::field)
        .containsExactly(field);
  }

  @Test
  void namesEveryFieldThatIsWrong() {
    assertThat(violations(() -> TrackedEvent.builder("", "").latency(-1).build()))
        .extracting(Violation::field)
        .containsExactly("conversation_id", "event_name", "latency");
  }

  @Test
  void updateNamesTheFieldThatIsWrong() {
    assertThat(violations(() -> EventUpdate.builder().latency(-1).eventName(" ").build()))
        .extracting(Violation::field)
        .containsExactlyInAnyOrder("latency", "event_name");
  }

  @Test
  void queryNamesWhatIsOutOfRange() {
    assertThat(violations(() -> AnalyticsQuery.builder().days(0).limit(-1).build()))
        .extracting(Violation::field)
        .containsExactly("days", "limit");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void metadataMustBeJson(String text, boolean good) {
    if (good) {
      assertThat(event().conversationMetadata(text).build().conversationMetadata().json())
          .isEqualTo(text);
    } else {
      assertThat(violations(() -> event().conversationMetadata(text)))
          .extracting(Violation::field)
          .containsExactly("conversation_metadata");
    }
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("", true),
        Arguments.of("{}", true),
        Arguments.of("[1, 2]", true),
        Arguments.of("{\"a\": 1", false),
        Arguments.of("{} {}", false),
        Arguments.of("{'a': 1}", false),
        Arguments.of("NaN", false),
        Arguments.of("  ", false));
  }

  @Test
  void metadataIsTypedBothWays() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("user_id", "u_42");
    members.put("session", 7L);
    members.put("trial", true);
    members.put("tags", List.of("web", "eu"));
    members.put("left", null);

    ConversationMetadata metadata =
        event().conversationMetadata(members).build().conversationMetadata();

    assertThat(metadata.json())
        .isEqualTo(
            "{\"user_id\":\"u_42\",\"session\":7,\"trial\":true,\"tags\":[\"web\",\"eu\"],"
                + "\"left\":null}");
    assertThat(metadata.asMap()).containsKey("left").containsEntry("tags", List.of("web", "eu"));
    assertThat(metadata.text("user_id")).contains("u_42");
    assertThat(metadata.number("session").map(Number::intValue)).contains(7);
    assertThat(metadata.flag("trial")).contains(true);
    assertThat(metadata.text("session")).isEmpty();
    assertThat(metadata.text("nobody")).isEmpty();
  }

  @Test
  void metadataWithoutJsonNumbersIsRefused() {
    assertThat(violations(() -> event().conversationMetadata(Map.of("score", Double.NaN))))
        .extracting(Violation::field)
        .containsExactly("conversation_metadata");
  }

  @Test
  void keepsVectorsWhateverHappensToTheirSource() {
    float[] array = {1, 2};
    List<Double> list = new ArrayList<>(List.of(3.0));

    TrackedEvent event = event().inputEmbeddings(array).outputEmbeddings(list).build();
    array[0] = 9;
    list.clear();

    assertThat(event.inputEmbeddings()).containsExactly(1f, 2f);
    assertThat(event.outputEmbeddings()).containsExactly(3f);
    assertThat(event)
        .isEqualTo(
            event().inputEmbeddings(1, 2).outputEmbeddings(Collections.singletonList(3)).build());
  }

  private static List<Violation> violations(ThrowingCallable code) {
    return catchThrowableOfType(AnalyticsValidationException.class, code).violations();
  }
}
