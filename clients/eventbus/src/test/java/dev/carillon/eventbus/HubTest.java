package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventSink;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.testkit.HubPeer;
import dev.carillon.testkit.HubProcess;
import dev.carillon.testkit.SampleEvents;
import io.cloudevents.CloudEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client at a hub in a process of its own. */
@Timeout(120)
final class HubTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private static EventBusClientBuilder<Event, Kind, String> builder(HubProcess hub) {
    return EventBusClient.builder(Event.class, Kind.class, String.class)
        .host("127.0.0.1")
        .publishPort(hub.bus("publish").getPort())
        .subscribePort(hub.bus("subscribe").getPort())
        .connectTimeout(LONG)
        .reconnectDelay(Duration.ofMillis(20), Duration.ofMillis(200));
  }

  private static EventSink acknowledgedSink(HubProcess hub) {
    EventBusClient<Event, Kind, String> client =
        builder(hub)
            .publishOnly()
            .acknowledgePort(hub.bus("acknowledge").getPort())
            .sendTimeout(Duration.ofSeconds(5))
            .build();
    var unused = client.connectAsync();
    return client;
  }

  @Test
  void whatTheHubSaysItHasStoredSurvivesItsDeath() throws Exception {
    SampleEvents samples = new SampleEvents();
    Set<String> stored = new HashSet<>();
    try (HubPeer hub =
            new HubPeer(
                folder.resolve("data"), List.of("--bus-ack-port", "0"), HubTest::acknowledgedSink);
        EventSink sink = hub.openSink()) {
      for (int death = 0; death < 2; death++) {
        List<CompletableFuture<Receipt>> sent = new ArrayList<>();
        for (CloudEvent event : samples.take(3_000)) {
          sent.add(sink.send(event));
        }
        int some = stored.size() + 500;
        await().atMost(LONG).until(() -> stored.size() + count(sent) > some);
        hub.stop();
        for (CompletableFuture<Receipt> one : sent) {
          receipt(one, stored);
        }
        hub.start();
      }
      Receipt last = sink.sendAndAwait(samples.next(), LONG);
      assertThat(last.guarantee()).isEqualTo(Guarantee.STORED);
      stored.add(last.eventId());
      List<String> found = hub.arrived().stream().map(CloudEvent::getId).toList();
      assertThat(found).doesNotHaveDuplicates().containsAll(stored);
      assertThat(stored).hasSizeGreaterThan(1_000);
    }
  }

  private static long count(List<CompletableFuture<Receipt>> sent) {
    return sent.stream().filter(one -> one.isDone() && !one.isCompletedExceptionally()).count();
  }

  private static void receipt(CompletableFuture<Receipt> sent, Set<String> stored)
      throws InterruptedException {
    try {
      Receipt receipt = sent.get();
      assertThat(receipt.guarantee()).isEqualTo(Guarantee.STORED);
      stored.add(receipt.eventId());
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(dev.carillon.core.EventException.class);
    }
  }

  @Test
  void typedEventsAreStoredUnderTheirTopic() {
    try (HubPeer hub = new HubPeer(folder.resolve("data"), List.of(), HubTest::plainSink)) {
      try (@SuppressWarnings("unchecked")
          EventBusClient<Event, Kind, String> client =
              (EventBusClient<Event, Kind, String>) hub.openSink()) {
        client.emitEvent(Event.of(Kind.started, 7), "my_service");
      }
      await().atMost(LONG).until(() -> hub.arrived().size() == 1);
      CloudEvent event = hub.arrived().get(0);
      assertThat(event.getType()).isEqualTo("started");
      assertThat(event.getSubject()).isEqualTo("my_service");
      assertThat(event.getSource()).hasToString("/eventbus/my_service");
      assertThat(event.getTime()).isEqualTo("2026-11-01T12:00:00Z");
    }
  }

  private static EventSink plainSink(HubProcess hub) {
    EventBusClient<Event, Kind, String> client = builder(hub).build();
    client.connect();
    return client;
  }
}
