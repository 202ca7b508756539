package dev.carillon.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventSink;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import dev.carillon.core.Subscription;
import dev.carillon.testkit.EventSinkContract;
import dev.carillon.testkit.SinkPeer;
import io.cloudevents.CloudEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MemorySinkTest extends EventSinkContract {

  @Override
  protected SinkPeer openPeer() {
    return new SubscribedBus();
  }

  @Test
  void saysThatTheEventIsQueuedAndWhen() {
    Instant noon = Instant.parse("2026-11-01T12:00:00Z");
    try (MemoryBus bus = MemoryBus.builder().clock(Clock.fixed(noon, ZoneOffset.UTC)).build()) {
      CloudEvent event = samples.next();
      assertThat(bus.sink().send(event))
          .isCompletedWithValue(new Receipt(event.getId(), Guarantee.QUEUED, noon));
    }
  }

  @Test
  void givesAnEventToNobodyWhenOneQueueIsFull() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    List<CloudEvent> quick = new CopyOnWriteArrayList<>();
    try (MemoryBus bus = MemoryBus.builder().capacity(2).build()) {
      EventSink sink = bus.sink();
      CountDownLatch began = new CountDownLatch(1);
      Subscription slow =
          bus.source()
              .subscribe(
                  EventFilter.all(),
                  event -> {
                    began.countDown();
                    release.await();
                  });
      bus.source().subscribe(EventFilter.all(), quick::add);
      sink.send(samples.next()).join();
      began.await();
      await().until(() -> quick.size() == 1); // so that only the slow queue can be full
      sink.send(samples.next()).join();
      await().until(() -> quick.size() == 2);
      sink.send(samples.next()).join();
      await().until(() -> quick.size() == 3);
      assertThat(sink.send(samples.next()))
          .isCompletedExceptionally()
          .failsWithin(patience())
          .withThrowableThat()
          .withCauseInstanceOf(SinkFullException.class);
      assertThat(quick).hasSize(3);
      slow.close();
      assertThat(sink.send(samples.next())).isCompleted();
      await().until(() -> quick.size() == 4);
    } finally {
      release.countDown();
    }
  }

  @Test
  void closingTheBusRefusesWhatComesAndEndsSubscriptions() {
    MemoryBus bus = MemoryBus.ofDefaults();
    EventSink sink = bus.sink();
    Subscription subscription = bus.source().subscribe(EventFilter.all(), event -> {});
    bus.close();
    bus.close();
    assertThat(subscription.isActive()).isFalse();
    assertThat(sink.send(samples.next()))
        .failsWithin(patience())
        .withThrowableThat()
        .withCauseInstanceOf(SinkClosedException.class);
  }
}
