package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.dataservices.ScriptedServer.Reply;
import dev.carillon.dataservices.ScriptedServer.Request;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class BatchTest {

  private static EventMessage event(int number) {
    return EventMessage.builder()
        .topic("t" + number)
        .subjects("s")
        .data(Map.of("n", number))
        .id("id-" + number)
        .build();
  }

  private static List<EventMessage> events(int count) {
    return IntStream.range(0, count).mapToObj(BatchTest::event).toList();
  }

  /** Answers like the hub, and refuses topic t3. */
  private static Reply hub(Request request) {
    JsonNode json =
        Json.readOrNull(request.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    if (json == null || !json.isArray()) {
      return Reply.of(200, "{}");
    }
    List<String> entries = new ArrayList<>();
    json.forEach(
        event ->
            entries.add(
                event.path("topic").asText().equals("t3")
                    ? "{\"errors\":[{\"field\":\"topic\",\"message\":\"unwanted\"}]}"
                    : "{\"id\":\"" + event.path("id").asText() + "\"}"));
    return Reply.of(200, "[" + String.join(",", entries) + "]").with("Carillon-Durable", "true");
  }

  private static EventException error(Outcome outcome) {
    return ((Outcome.Failed) outcome).error();
  }

  @Test
  void givesEachEventItsOutcomeInOrder() throws Exception {
    List<EventMessage> events = new ArrayList<>(events(5));
    events.add(2, EventMessage.builder().topic("t").subjects().data(Map.of("\0", 1)).build());
    try (var server = new ScriptedServer(BatchTest::hub);
        var client = EventClient.of(server.url())) {
      List<Outcome> outcomes = client.publishBatch(events);
      assertThat(outcomes)
          .extracting(Outcome::isAccepted)
          .containsExactly(true, true, false, true, false, true);
      assertThat(outcomes.get(0).eventId()).isEqualTo("id-0");
      assertThat(((Outcome.Accepted) outcomes.get(0)).receipt().guarantee())
          .isEqualTo(Guarantee.STORED);
      assertThat(error(outcomes.get(2))).isInstanceOf(EventValidationException.class);
      assertThat(outcomes.get(2).eventId()).isNotEmpty();
      var refused = (EventHttpException) error(outcomes.get(4));
      assertThat(refused.problem().orElseThrow().errors())
          .containsExactly(new Violation("topic", "unwanted"));
      assertThat(refused.isRetryable()).isFalse();
      assertThat(server.only().path()).isEqualTo("/api/v2.0/EventService/batch");
    }
  }

  @Test
  void cutsByCountAndByBytes() throws Exception {
    try (var server = new ScriptedServer(BatchTest::hub);
        var byCount = EventClient.builder().url(server.url()).maxBatch(4, 1 << 20).build();
        var byBytes = EventClient.builder().url(server.url()).maxBatch(100, 300).build()) {
      assertThat(byCount.publishBatch(events(10))).hasSize(10);
      assertThat(server.requests()).hasSize(3);
      assertThat(byBytes.publishBatch(events(10)))
          .extracting(Outcome::eventId)
          .containsExactlyElementsOf(events(10).stream().map(EventMessage::id).toList());
      assertThat(server.requests()).hasSizeGreaterThan(5);
      assertThat(server.requests().stream().skip(3))
          .allMatch(request -> request.body().length() <= 300);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405})
  void publishesOneByOneWhereThereAreNoBatches(int status) throws Exception {
    try (var server =
            new ScriptedServer(
                request ->
                    request.path().endsWith("/batch") ? Reply.of(status, "") : hub(request));
        var client = EventClient.builder().url(server.url()).maxInFlight(4).build()) {
      assertThat(client.publishBatch(events(50))).hasSize(50).allMatch(Outcome::isAccepted);
      assertThat(server.requests()).hasSize(51);
      assertThat(client.publishBatch(events(10)))
          .hasSize(10)
          .allSatisfy(
              outcome ->
                  assertThat(((Outcome.Accepted) outcome).receipt().guarantee())
                      .isEqualTo(Guarantee.ACKNOWLEDGED));
      assertThat(server.requests()).hasSize(61);
    }
  }

  @Test
  void batchesComeBackAfterAGatewayThatFoundNothing() throws Exception {
    AtomicBoolean away = new AtomicBoolean(true);
    try (var server = new ScriptedServer(request -> away.get() ? Reply.of(404, "") : hub(request));
        var client = EventClient.of(server.url())) {
      assertThat(client.publishBatch(events(3))).hasSize(3).noneMatch(Outcome::isAccepted);
      away.set(false);
      int before = server.requests().size();
      assertThat(client.publishBatch(events(3))).hasSize(3).allMatch(Outcome::isAccepted);
      assertThat(server.requests()).hasSize(before + 1);
    }
  }

  @Test
  void looksForABatchEndpointAgainAfterManyLists() throws Exception {
    AtomicBoolean deployed = new AtomicBoolean(true);
    try (var server =
            new ScriptedServer(
                request ->
                    deployed.get() && request.path().endsWith("/batch")
                        ? Reply.of(404, "")
                        : hub(request));
        var client = EventClient.of(server.url())) {
      assertThat(client.publishBatch(events(2))).allMatch(Outcome::isAccepted);
      deployed.set(false);
      for (int i = 0; i < 100; i++) {
        assertThat(client.publishBatch(events(2))).allMatch(Outcome::isAccepted);
      }
      assertThat(server.requests()).hasSize(3 + 200);
      assertThat(client.publishBatch(events(2))).allMatch(Outcome::isAccepted);
      assertThat(server.requests()).hasSize(3 + 200 + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[{}]", "nonsense"})
  void anAnswerThatNamesNoOutcomesLeavesThemUnknown(String body) throws Exception {
    try (var server = ScriptedServer.answering(Reply.of(200, body));
        var client = EventClient.of(server.url())) {
      assertThat(client.publishBatch(events(2)))
          .hasSize(2)
          .allMatch(outcome -> error(outcome).mayHaveArrived());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404})
  void dataThatEndsInAnErrorFailsItsEventOnly(int batches) throws Exception {
    List<Object> broken =
        new AbstractList<>() {
          @Override
          public Object get(int index) {
            throw new NoClassDefFoundError("of what writes this value");
          }

          @Override
          public int size() {
            return 1;
          }
        };
    List<EventMessage> events = new ArrayList<>(events(3));
    events.set(1, event(1).toBuilder().data(Map.of("n", broken)).build());
    try (var server =
            new ScriptedServer(
                request ->
                    batches == 404 && request.path().endsWith("/batch")
                        ? Reply.of(batches, "")
                        : hub(request));
        var client = EventClient.builder().url(server.url()).maxInFlight(1).build()) {
      assertThat(client.publishBatch(events(2))).allMatch(Outcome::isAccepted);
      assertThat(client.publishBatchAsync(events)).succeedsWithin(Duration.ofSeconds(10));
      assertThat(client.publishBatch(events))
          .extracting(Outcome::isAccepted)
          .containsExactly(true, false, true);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void aBatchThatIsRefusedAsAWholeIsPublishedOneByOne(int status) throws Exception {
    try (var server =
            new ScriptedServer(
                request -> request.body().contains("t1") ? Reply.of(status, "") : hub(request));
        var client = EventClient.of(server.url())) {
      assertThat(client.publishBatch(events(3)))
          .extracting(Outcome::isAccepted)
          .containsExactly(true, false, true);
      assertThat(server.requests()).hasSize(4);
    }
  }

  /** That nothing goes alone either says something only if it is refused, not if nobody answers. */
  @Test
  void afterAnOutageABatchThatIsRefusedAsAWholeIsPublishedOneByOneAgain() throws Exception {
    try (var server =
            new ScriptedServer(
                request -> {
                  boolean down = request.body().contains("t0") || request.body().contains("t1");
                  boolean bad = request.path().endsWith("/batch") || request.body().contains("t3");
                  return bad ? Reply.of(400, "") : down ? Reply.of(503, "") : hub(request);
                });
        var client = EventClient.builder().url(server.url()).maxBatch(2, 1 << 20).build()) {
      assertThat(client.publishBatch(events(4)))
          .extracting(Outcome::isAccepted)
          .containsExactly(false, false, true, false);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404})
  void asksForTheTraceContextOnceAndOnTheCallersThread(int batches) throws Exception {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    List<Thread> asked = new CopyOnWriteArrayList<>();
    try (var server =
            new ScriptedServer(
                request ->
                    batches != 200 && request.path().endsWith("/batch")
                        ? Reply.of(batches, "")
                        : hub(request));
        var client =
            EventClient.builder()
                .url(server.url())
                .maxBatch(2, 1 << 20)
                .traceparent(
                    () -> {
                      asked.add(Thread.currentThread());
                      return trace;
                    })
                .build()) {
      assertThat(client.publishBatch(events(6))).hasSize(6);
      assertThat(asked).containsExactly(Thread.currentThread());
      assertThat(client.sendAll(events(6).stream().map(EventMessage::toCloudEvent).toList()).join())
          .hasSize(6);
      assertThat(asked).containsExactly(Thread.currentThread(), Thread.currentThread());
      assertThat(server.requests())
          .hasSizeGreaterThanOrEqualTo(6)
          .allMatch(request -> trace.equals(request.header("traceparent")));
    }
  }

  @Test
  void nothingHasArrivedWhereTheTraceContextFails() throws Exception {
    try (var server = new ScriptedServer(BatchTest::hub);
        var client =
            EventClient.builder()
                .url(server.url())
                .traceparent(
                    () -> {
                      throw new IllegalStateException("no context");
                    })
                .build()) {
      assertThat(client.publishBatch(events(3)))
          .hasSize(3)
          .extracting(BatchTest::error)
          .allSatisfy(BatchTest::isUnsent);
      assertThatExceptionOfType(EventException.class)
          .isThrownBy(() -> client.publishEvent(event(1)))
          .satisfies(BatchTest::isUnsent);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void nothingHasArrivedOfDataThatCannotBeRead() throws Exception {
    CloudEventData broken =
        () -> {
          throw new IllegalStateException("not readable");
        };
    CloudEvent bad =
        CloudEventBuilder.from(event(1).toCloudEvent())
            .withData("application/json", broken)
            .build();
    try (var server = new ScriptedServer(BatchTest::hub);
        var client = EventClient.of(server.url())) {
      var sent = client.send(bad).handle((receipt, error) -> EventException.of(error)).join();
      assertThat(sent).satisfies(BatchTest::isUnsent);
      assertThat(client.sendAll(List.of(bad, bad)).join())
          .hasSize(2)
          .extracting(BatchTest::error)
          .allSatisfy(BatchTest::isUnsent);
      assertThat(server.requests()).isEmpty();
    }
  }

  private static void isUnsent(EventException failure) {
    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void doesNotPublishOneByOneWhatNobodyTakesSo() throws Exception {
    try (var server = new ScriptedServer(request -> Reply.of(400, ""));
        var client = EventClient.builder().url(server.url()).maxBatch(2, 1 << 20).build()) {
      assertThat(client.publishBatch(events(6))).hasSize(6).noneMatch(Outcome::isAccepted);
      assertThat(server.requests()).hasSize(5);
    }
  }

  @Test
  void aFailedRequestFailsItsEventsOnly() throws Exception {
    try (var server =
            new ScriptedServer(
                request -> request.body().contains("t0") ? Reply.of(503, "") : hub(request));
        var client = EventClient.builder().url(server.url()).maxBatch(2, 1 << 20).build()) {
      List<Outcome> outcomes = client.publishBatchAsync(events(3)).join();
      assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(false, false, true);
      assertThat(error(outcomes.get(1)).isRetryable()).isTrue();
      assertThat(client.publishBatch(List.of())).isEmpty();
      client.close();
      assertThat(client.publishBatch(events(3))).hasSize(3).noneMatch(Outcome::isAccepted);
    }
  }
}
