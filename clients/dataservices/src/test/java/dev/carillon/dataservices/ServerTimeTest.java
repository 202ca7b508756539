package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ServerTimeTest {

  private static final String DATE = "Date: Sun, 01 Nov 2026 12:00:00 GMT\r\n";
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final Duration WHILE = Duration.ofMillis(300);

  private static String answer(int status, String headers, String body) {
    return "HTTP/1.1 %d x\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(status, headers, body.length(), body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"serverTimeUtc\":\"2026-11-01T12:00:00Z\"}",
        "{\"ServerTimeUtc\":\"2026-11-01T13:00:00+01:00\"}",
        "\"2026-11-01T12:00:00\""
      })
  void readsWhatTheServerSays(String body) throws Exception {
    try (var peer = RawPeer.sending(answer(200, "", body));
        var client = EventClient.of(peer.url())) {
      assertThat(client.getServerTime()).isBetween(NOON, NOON.plusSeconds(2));
    }
  }

  @Test
  void addsHalfTheRoundTrip() throws Exception {
    try (var peer =
            new RawPeer(
                (connection, out) -> {
                  pass();
                  RawPeer.write(
                      out, answer(200, "", "{\"serverTimeUtc\":\"2026-11-01T12:00:00Z\"}"));
                });
        var client = EventClient.of(peer.url())) {
      long begun = System.nanoTime();
      Instant time = client.getServerTimeAsync().get(5, TimeUnit.SECONDS);
      Duration most = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(Duration.between(NOON, time)).isBetween(WHILE.dividedBy(2), most.dividedBy(2));
    }
  }

  @Test
  void addsNothingForWhatComesBeforeTheRequest() throws Exception {
    try (var peer = RawPeer.sending(answer(200, DATE, ""));
        var client =
            EventClient.of(
                () -> {
                  pass();
                  return peer.url();
                })) {
      long begun = System.nanoTime();
      Instant time = client.getServerTime();
      Duration most = Duration.ofNanos(System.nanoTime() - begun).minus(WHILE);
      assertThat(Duration.between(NOON, time)).isLessThanOrEqualTo(most.dividedBy(2));
    }
  }

  private static void pass() {
    try {
      assertThat(new CountDownLatch(1).await(WHILE.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 405, 500})
  void fallsBackToTheDateOfTheAnswer(int status) throws Exception {
    try (var peer = RawPeer.sending(answer(status, DATE, "?"));
        var client = EventClient.of(peer.url())) {
      assertThat(client.getServerTime()).isBetween(NOON, NOON.plusSeconds(2));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404})
  void neverMakesUpATime(int status) throws Exception {
    try (var peer = RawPeer.sending(answer(status, "", "{}"));
        var client = EventClient.of(peer.url())) {
      assertThatThrownBy(client::getServerTime).isInstanceOf(EventException.class);
    }
  }
}
