package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients written with pyzmq talk to ours through our proxy, both ways and unchanged. */
@Timeout(90)
final class PythonTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private ProxyPeer bus;
  private EventBusClient<Event, Kind, String> client;

  @BeforeEach
  void start() throws Exception {
    bus = ProxyPeer.plain();
    client =
        EventBusClient.builder(Event.class, Kind.class, String.class)
            .host("127.0.0.1")
            .publishPort(bus.publishPort())
            .subscribePort(bus.subscribePort())
            .compressFrom(1_000)
            .build();
    client.connect();
    client.subscribe("answers");
  }

  @AfterEach
  void stop() {
    client.close();
    bus.close();
  }

  @Test
  void answersWhatJavaAsks() throws Exception {
    Process python = python("echo");
    try (BufferedReader out = python.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("ready");
      String note = "größer ".repeat(1_000);
      List<Event> asked = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Event event = new Event(Kind.started, client.metrics().sent() > 0 ? LATER : FIRST, i, note);
        asked.add(event);
        client.emitEvent(event, "questions");
      }
      for (Event question : asked) {
        Event answer = client.receiveEvent(LONG).orElseThrow();
        assertThat(answer.type()).isEqualTo(Kind.updated);
        assertThat(answer.number()).isEqualTo(question.number());
        assertThat(answer.note()).isEqualTo(note);
        assertThat(answer.time()).isAfter(question.time());
      }
      client.emitEvent(Kind.stopped, "questions");
      assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(python.exitValue()).isZero();
    } finally {
      python.destroyForcibly();
    }
    assertThat(client.metrics().malformed()).isZero();
  }

  private static final java.time.Instant FIRST = java.time.Instant.parse("2026-01-01T00:00:00Z");
  private static final java.time.Instant LATER = java.time.Instant.parse("2026-01-01T00:00:01Z");

  @Test
  void isHeardInOrder() throws Exception {
    Process python = python("emit", "900");
    try {
      for (long number = 0; number < 900; number++) {
        assertThat(client.receiveEvent(LONG)).map(Event::number).contains(number);
      }
      assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      python.destroyForcibly();
    }
  }

  private Process python(String... task) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(interpreter(), script()));
    command.addAll(
        List.of(Integer.toString(bus.publishPort()), Integer.toString(bus.subscribePort())));
    command.addAll(List.of(task));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String script() {
    try {
      return Path.of(
              Objects.requireNonNull(PythonTest.class.getResource("/event_bus_client.py")).toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The Python that has pyzmq; ./carillon test sees to it that one does. */
  private static String interpreter() throws IOException, InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      Process trial =
          new ProcessBuilder(python, "-c", "import zmq")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (trial.waitFor() == 0) {
        return python;
      }
    }
    throw new AssertionError("no Python 3 with pyzmq; ./carillon test installs it");
  }
}
