package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class EventSinkTest {

  private static final class AcceptingSink implements EventSink {
    @Override
    public CompletableFuture<Receipt> send(CloudEvent event) {
      return CompletableFuture.completedFuture(
          new Receipt(event.getId(), Guarantee.QUEUED, Instant.EPOCH));
    }

    @Override
    public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities(Guarantee.QUEUED, true, 1, 1);
    }

    @Override
    public void close() {}
  }

  @Test
  void waitsForAsLongAsATimeoutCanSay() {
    CloudEvent event =
        CloudEventBuilder.v1().withId("e").withSource(URI.create("/s")).withType("t").build();
    try (EventSink sink = new AcceptingSink()) {
      Receipt receipt = sink.sendAndAwait(event, ChronoUnit.FOREVER.getDuration());
      assertThat(receipt.eventId()).isEqualTo("e");
    }
  }
}
