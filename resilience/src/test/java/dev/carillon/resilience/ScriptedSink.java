package dev.carillon.resilience;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventSink;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** Answers attempt after attempt as told, then accepts whatever comes, and remembers it all. */
final class ScriptedSink implements EventSink {

  private final Queue<Function<List<CloudEvent>, CompletableFuture<List<Outcome>>>> script =
      new ArrayDeque<>();
  private final List<List<String>> attempts = new ArrayList<>();
  private boolean closed;

  synchronized ScriptedSink then(
      Function<List<CloudEvent>, CompletableFuture<List<Outcome>>> answer) {
    script.add(answer);
    return this;
  }

  ScriptedSink thenFail(Throwable error) {
    return then(events -> CompletableFuture.failedFuture(error));
  }

  ScriptedSink thenHang() {
    return then(events -> new CompletableFuture<>());
  }

  /** The ids of the events of each attempt so far, empty where there was no event. */
  synchronized List<List<String>> attempts() {
    return List.copyOf(attempts);
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return sendAll(List.of(event))
        .thenApply(outcomes -> ((Outcome.Accepted) outcomes.get(0)).receipt());
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    Function<List<CloudEvent>, CompletableFuture<List<Outcome>>> answer;
    synchronized (this) {
      attempts.add(events.stream().map(event -> event == null ? "" : event.getId()).toList());
      answer = script.isEmpty() ? ScriptedSink::accept : script.remove();
    }
    return answer.apply(events);
  }

  static CompletableFuture<List<Outcome>> accept(List<CloudEvent> events) {
    return CompletableFuture.completedFuture(events.stream().map(ScriptedSink::accepted).toList());
  }

  static Outcome accepted(CloudEvent event) {
    return Outcome.accepted(new Receipt(event.getId(), Guarantee.ACKNOWLEDGED, Instant.now()));
  }

  static List<CloudEvent> events(String... ids) {
    return Stream.of(ids)
        .map(
            id ->
                CloudEventBuilder.v1()
                    .withId(id)
                    .withType("sample.processed")
                    .withSource(URI.create("/test"))
                    .build())
        .toList();
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(Guarantee.ACKNOWLEDGED, true, 100, 1 << 20);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
