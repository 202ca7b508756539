package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.analytics.ScriptedServer.Reply;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each method sends, and what it makes of refusals and of what is no answer. */
class CallsTest {

  private static final String ID = "7808ae0a-4a86-468d-88cb-ef4112d2fc9b";

  private final ScriptedServer server = ScriptedServer.accepting();
  private final AnalyticsClient client = AnalyticsClient.of(server.url());

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void tracksUpdatesAndDeletes() {
    TrackedEvent event = TrackedEvent.builder("c", "event_a").id(ID).input("hello").build();

    assertThat(client.trackEvent(event)).isEqualTo(ID);
    Acceptance updated = client.updateEvent(ID, EventUpdate.builder().output("bye").build());
    Acceptance deleted = client.deleteEvent(ID);

    assertThat(updated).isEqualTo(new Acceptance(ID, "accepted for processing"));
    assertThat(deleted.eventId()).isEqualTo(ID);
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::line)
        .containsExactly("POST /event/", "PUT /event/" + ID, "DELETE /event/" + ID);
    assertThat(server.requests().get(0).json()).containsEntry("input", "hello");
    assertThat(server.requests().get(1).json()).isEqualTo(Map.of("output", "bye"));
    assertThat(server.requests().get(0).header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void takesTheIdThatTheServiceGives() {
    server.script(request -> Reply.accepted("other"));

    assertThat(client.trackEvent(TrackedEvent.of("c", "event_a"))).isEqualTo("other");
  }

  @Test
  void anAbsentEventIsEmpty() {
    server.script(request -> Reply.refusal(404, "event not found"));

    assertThat(client.getEvent(ID)).isEmpty();
  }

  @Test
  void aWrongAddressIsNoAbsentEvent() {
    server.script(request -> Reply.of(404, "<html>not here</html>"));

    assertThatThrownBy(() -> client.getEvent(ID)).isInstanceOf(AnalyticsNotFoundException.class);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(400, AnalyticsValidationException.class),
        Arguments.of(404, AnalyticsNotFoundException.class),
        Arguments.of(401, AnalyticsException.class),
        Arguments.of(409, AnalyticsException.class));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void saysWhyTheServiceRefused(int status, Class<? extends AnalyticsException> type) {
    server.script(request -> Reply.refusal(status, "event_name: is not one of these"));

    AnalyticsException failure =
        catchThrowableOfType(
            AnalyticsException.class, () -> client.trackEvent(TrackedEvent.of("c", "event_x")));

    assertThat(failure).isExactlyInstanceOf(type);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.body()).contains("\"success\":false");
    assertThat(failure)
        .hasMessageContaining("POST http://127.0.0.1")
        .hasMessageContaining("HTTP " + status + ": event_name: is not one of these");
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>hello</html>",
        "[]",
        "{\"success\":false}",
        "{\"success\":true,\"data\":7}",
        "{\"success\":true,\"data\":{\"id\":1}}",
        "{\"success\":true",
        "{\"success\":true,\"data\":[1]}"
      })
  void takesNothingElseForAnAnswer(String body) {
    server.script(request -> Reply.of(200, body));

    assertThatThrownBy(() -> client.getEvent(ID))
        .isExactlyInstanceOf(AnalyticsException.class)
        .hasMessageContaining("no answer of the analytics service");
  }

  @Test
  void asksNothingWithAnIdThatIsNone() {
    List<Function<AnalyticsClient, Object>> calls =
        List.of(
            c -> c.getEvent("../etc"),
            c -> c.deleteEvent("' OR 1=1 --"),
            c -> c.updateEvent("", EventUpdate.builder().error("").build()),
            c -> c.getEventsByConversation(" "),
            c -> c.getEventsByConversation("c", AnalyticsQuery.builder().days(1).build()),
            c ->
                c.getEventsByConversation(
                    "c", AnalyticsQuery.builder().conversationId("d").build()));

    for (Function<AnalyticsClient, Object> call : calls) {
      assertThatThrownBy(() -> call.apply(client)).isInstanceOf(AnalyticsValidationException.class);
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void sendsNoEventThatIsTooLarge() {
    TrackedEvent large = TrackedEvent.builder("c", "event_a").input("x".repeat(1 << 20)).build();

    assertThat(client.async().trackEvent(large))
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableThat()
        .withMessageContaining("event: must not be larger than 1048576 bytes");
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/api/v1", "/api/v1/", "/api/v1//"})
  void takesAnyBaseUrl(String suffix) {
    try (AnalyticsClient other = AnalyticsClient.of(server.url() + suffix)) {
      assertThat(other.trackEvent(TrackedEvent.of("c", "event_a"))).isNotEmpty();
    }
    assertThat(server.only().path()).isEqualTo(suffix.replaceAll("/+$", "") + "/event/");
  }

  @Test
  void sendsItsKeyAndShowsItNowhere() {
    server.script(request -> Reply.refusal(403, "no"));
    String url = server.url().replace("//", "//me:hidden@");
    try (AnalyticsClient other = AnalyticsClient.builder().baseUrl(url).apiKey("s3cret").build()) {
      assertThatThrownBy(() -> other.trackEvent(TrackedEvent.of("c", "event_a")))
          .hasMessageNotContaining("hidden")
          .hasMessageNotContaining("s3cret");
      assertThat(other.toString()).doesNotContain("hidden");
    }
    assertThat(server.only().header("X-Api-Key")).isEqualTo("s3cret");
    assertThat(server.only().header("Authorization")).startsWith("Basic ");
    try (AnalyticsClient none = AnalyticsClient.builder().apiKey("s3cret").apiKey(null).build()) {
      assertThat(none.toString()).isNotEmpty(); // as from an environment that has no key
    }
    for (String key : List.of("new\nline", "n\u00e9w")) {
      assertThatThrownBy(() -> AnalyticsClient.builder().apiKey(key))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("n\u00e9w")
          .hasMessageNotContaining("new");
    }
  }

  @Test
  void asksForHeadersThatChangeAtEachAttempt() {
    Iterator<String> tokens = List.of("a", "b", "sec\nret").iterator();
    try (AnalyticsClient other =
        AnalyticsClient.builder()
            .baseUrl(server.url())
            .header("Authorization", tokens::next)
            .build()) {
      other.trackEvent(TrackedEvent.of("c", "event_a"));
      other.trackEvent(TrackedEvent.of("c", "event_a"));
      for (String why : List.of("header Authorization cannot be sent", "NoSuchElement")) {
        assertThatThrownBy(() -> other.trackEvent(TrackedEvent.of("c", "event_a")))
            .isInstanceOf(AnalyticsException.class)
            .hasMessageContaining(why);
      }
    }
    assertThat(server.requests())
        .extracting(request -> request.header("Authorization"))
        .containsExactly("a", "b");
  }

  @Test
  void compressesLargeBodiesAsLongAsTheyAreTaken() {
    TrackedEvent large = TrackedEvent.builder("c", "event_a").input("word ".repeat(4000)).build();
    client.trackEvent(large);
    client.trackEvent(TrackedEvent.of("c", "event_a"));
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::isGzip)
        .containsExactly(true, false);
    assertThat(server.requests().get(0).json()).containsEntry("input", large.input());

    server.script(
        request ->
            request.isGzip() ? Reply.refusal(415, "no gzip") : ScriptedServer.accept(request));
    client.trackEvent(large);
    client.trackEvent(large);
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::isGzip)
        .containsExactly(true, false, true, false, false);
  }

  @Test
  void aCallbackMayCloseTheClient() {
    AnalyticsClient closing =
        AnalyticsClient.builder().baseUrl(server.url()).closeTimeout(Duration.ofMinutes(1)).build();
    assertThat(closing.async().deleteEvent(ID).thenRun(closing::close))
        .succeedsWithin(Duration.ofSeconds(10));
  }
}
