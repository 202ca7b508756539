package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.dataservices.ScriptedServer.Reply;
import dev.carillon.dataservices.ScriptedServer.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class CompressionTest {

  private static final Reply CONFIRMED = Reply.of(200, "{\"id\":\"1\"}");
  private static final EventMessage SMALL = PublishingTest.sampleProcessed();
  private static final EventMessage LARGE =
      SMALL.toBuilder().data(Map.of("text", "x".repeat(9000))).build();

  private static boolean isCompressed(Request request) {
    return "gzip".equals(request.header("Content-Encoding"));
  }

  @Test
  void compressesLargeBodiesOnly() throws Exception {
    try (var server = ScriptedServer.answering(CONFIRMED);
        var client = EventClient.of(server.url())) {
      client.publishEvent(SMALL);
      client.publishEvent(LARGE);
      assertThat(server.requests())
          .extracting(CompressionTest::isCompressed)
          .containsExactly(false, true);
      assertThat(server.requests().get(1).body()).contains("x".repeat(9000));
    }
  }

  @Test
  void canBeOff() throws Exception {
    try (var server = ScriptedServer.answering(CONFIRMED);
        var client = EventClient.builder().url(server.url()).withoutCompression().build()) {
      client.publishEvent(LARGE);
      assertThat(isCompressed(server.only())).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 415})
  void repeatsPlainAndStopsCompressingWhereItIsNotUnderstood(int status) throws Exception {
    try (var server =
            new ScriptedServer(
                request -> isCompressed(request) ? Reply.of(status, "") : CONFIRMED);
        var client = EventClient.of(server.url())) {
      client.publishEvent(LARGE);
      client.publishEvent(LARGE);
      assertThat(server.requests())
          .extracting(CompressionTest::isCompressed)
          .containsExactly(true, false, false);
      assertThat(server.requests().get(1).body()).isEqualTo(server.requests().get(0).body());
    }
  }

  @Test
  void goesOnCompressingWhenTheEventItselfIsRefused() throws Exception {
    try (var server = ScriptedServer.answering(Reply.of(400, "bad topic"));
        var client = EventClient.of(server.url())) {
      assertThatThrownBy(() -> client.publishEvent(LARGE)).isInstanceOf(EventHttpException.class);
      server.script(request -> CONFIRMED);
      client.publishEvent(LARGE);
      assertThat(server.requests())
          .extracting(CompressionTest::isCompressed)
          .containsExactly(true, false, true);
    }
  }

  @Test
  void believesWhoeverHasReadTheEvent() throws Exception {
    Reply refusal =
        Reply.of(400, "{\"status\":400,\"errors\":[{\"field\":\"topic\",\"message\":\"m\"}]}")
            .with("Content-Type", "application/problem+json");
    try (var server = ScriptedServer.answering(refusal);
        var client = EventClient.of(server.url())) {
      assertThatThrownBy(() -> client.publishEvent(LARGE)).isInstanceOf(EventHttpException.class);
      assertThat(isCompressed(server.only())).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 415})
  void repeatsPlainWhereAnotherServerHasTakenThePlaceOfOneThatUnderstood(int status)
      throws Exception {
    try (var server = ScriptedServer.answering(CONFIRMED);
        var client = EventClient.of(server.url())) {
      client.publishEvent(LARGE);
      server.script(request -> isCompressed(request) ? Reply.of(status, "") : CONFIRMED);
      client.publishEvent(LARGE);
      client.publishEvent(LARGE);
      assertThat(server.requests())
          .extracting(CompressionTest::isCompressed)
          .containsExactly(true, true, false, false);
    }
  }

  @Test
  void repeatsPlainWhatWasCompressedBeforeItWasKnownToBeRefused() throws Exception {
    try (var server =
            new ScriptedServer(request -> isCompressed(request) ? Reply.of(400, "") : CONFIRMED);
        var client = EventClient.builder().url(server.url()).maxInFlight(1).build()) {
      List<CompletableFuture<PublishConfirmation>> sent =
          Stream.generate(() -> client.publishAsync(LARGE)).limit(5).toList();
      assertThat(sent).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(20)));
    }
  }
}
