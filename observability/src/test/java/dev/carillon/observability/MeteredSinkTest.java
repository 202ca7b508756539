package dev.carillon.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventSink;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MeteredSinkTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** Accepts what is called good, never answers what is stuck, refuses the rest. */
  private static class ByType implements EventSink {
    @Override
    public CompletableFuture<Receipt> send(CloudEvent event) {
      if (event.getType().equals("stuck")) {
        return new CompletableFuture<>();
      }
      return event.getType().equals("good")
          ? CompletableFuture.completedFuture(
              new Receipt(event.getId(), Guarantee.STORED, Instant.EPOCH))
          : CompletableFuture.failedFuture(failure(event));
    }

    private static EventException failure(CloudEvent event) {
      return new EventRejectedException("no", event.getType().equals("busy"), null);
    }

    @Override
    public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
      if (events.get(0).getType().equals("stuck")) {
        return new CompletableFuture<>();
      }
      return CompletableFuture.completedFuture(
          events.stream()
              .map(
                  event ->
                      event.getType().equals("good")
                          ? Outcome.accepted(send(event).join())
                          : Outcome.failed(event.getId(), failure(event)))
              .toList());
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities(Guarantee.STORED, true, 10, 1000);
    }

    @Override
    public void close() {}
  }

  private static CloudEvent event(String type) {
    return CloudEventBuilder.v1().withId("e").withSource(URI.create("/s")).withType(type).build();
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  @Test
  void countsWhatWasPublishedAndWhatFailedAndTimesBoth() {
    try (MeteredSink sink = new MeteredSink(new ByType(), registry, "orders")) {
      assertThat(sink.send(event("good"))).isCompleted();
      assertThat(sink.send(event("bad"))).isCompletedExceptionally();
      assertThat(sink.sendAll(List.of(event("good"), event("busy"), event("good")))).isCompleted();
      assertThat(sink.capabilities().maxBatchEvents()).isEqualTo(10);
    }
    assertThat(count("carillon.events.published", "topic", "orders")).isEqualTo(3);
    assertThat(count("carillon.events.failed", "topic", "orders", "retryable", "false"))
        .isEqualTo(1);
    assertThat(count("carillon.events.failed", "topic", "orders", "retryable", "true"))
        .isEqualTo(1);
    assertThat(registry.get("carillon.publish").tag("outcome", "accepted").timer().count())
        .isEqualTo(1);
    assertThat(registry.get("carillon.publish").tag("outcome", "failed").timer().count())
        .isEqualTo(2);
  }

  /** What an HTTP client throws. */
  private static final class Answered extends EventRejectedException {
    private static final long serialVersionUID = 1L;

    Answered(int status) {
      super("no", status, status == 429, false, null);
    }
  }

  private static EventSink failing(EventException failure) {
    return new ByType() {
      @Override
      public CompletableFuture<Receipt> send(CloudEvent event) {
        return CompletableFuture.failedFuture(failure);
      }
    };
  }

  @Test
  void tellsWhyEventsFailed() {
    EventException limited = new Answered(429);
    List<EventException> failures =
        List.of(
            limited,
            new EventException("once more", true, true, null, limited),
            new Answered(401),
            new EventConnectionException("away", false, null),
            new EventRejectedException("by a broker", false, null));
    for (EventException failure : failures) {
      try (MeteredSink sink = new MeteredSink(failing(failure), registry, "orders")) {
        assertThat(sink.send(event("any"))).isCompletedExceptionally();
      }
    }
    assertThat(registry.find("carillon.events.failures").counters())
        .extracting(counter -> counter.getId().getTags())
        .containsExactlyInAnyOrder(
            why("Answered", "429"),
            why("EventException", "429"),
            why("Answered", "401"),
            why("EventConnectionException", "none"),
            why("EventRejectedException", "none"));
    assertThat(registry.counter("carillon.events.failed", "topic", "orders", "retryable", "true"))
        .extracting(Counter::count)
        .isEqualTo(3.0);
  }

  private static List<Tag> why(String exception, String status) {
    return Tags.of("exception", exception, "status", status, "topic", "orders").stream().toList();
  }

  @Test
  void countsWhatItsCallerGaveUp() {
    try (MeteredSink sink = new MeteredSink(new ByType(), registry, "orders")) {
      assertThat(sink.send(event("stuck")).cancel(true)).isTrue();
      assertThat(sink.sendAll(List.of(event("stuck"), event("stuck"))).cancel(true)).isTrue();
    }
    assertThat(
            registry.find("carillon.events.failed").counters().stream().mapToDouble(Counter::count))
        .containsExactlyInAnyOrder(3.0, 0.0);
    assertThat(registry.get("carillon.publish").tag("outcome", "failed").timer().count())
        .isEqualTo(2);
  }
}
