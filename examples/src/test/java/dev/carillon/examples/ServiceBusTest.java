package dev.carillon.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.Guarantee;
import dev.carillon.examples.ServiceBus.MyEvent;
import dev.carillon.examples.ServiceBus.MyEventTopic;
import dev.carillon.examples.ServiceBus.MyEventType;
import dev.carillon.examples.ServiceBus.MyServiceClient;
import dev.carillon.examples.ServiceBus.RunEvent;
import dev.carillon.examples.ServiceBus.RunEventType;
import dev.carillon.hub.bus.EventBusProxy;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The event bus examples do what they say. */
@Timeout(60)
final class ServiceBusTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void theExamplesTalkToEachOther() throws Exception {
    List<MyEventType> called = new CopyOnWriteArrayList<>();
    var statistics =
        ServiceBus.embedded(
            proxy -> {
              int publish = proxy.publishAddress().getPort();
              int subscribe = proxy.subscribeAddress().getPort();
              try (var client = new MyServiceClient("localhost", publish, subscribe);
                  var careful = ServiceBus.careful(publish, subscribe, reason -> {})) {
                client.connect();
                careful.connect();
                ServiceBus.callbacks(
                    client, event -> called.add(event.type()), event -> called.add(event.type()));
                assertThat(ServiceBus.receive(client)).isEmpty();
                CompletableFuture<List<MyEvent>> heard =
                    CompletableFuture.supplyAsync(() -> ServiceBus.listen(client));
                ServiceBus.publish(publish, subscribe);
                careful.emitEvent(MyEventType.stopped, MyEventTopic.my_service);
                assertThat(heard).succeedsWithin(LONG);
                assertThat(heard.join())
                    .extracting(MyEvent::type)
                    .containsExactly(MyEventType.started, MyEventType.updated);
                await().atMost(LONG).until(() -> called.size() == 2);
                assertThat(ServiceBus.mayBeLost(careful)).isZero();
              }
            });
    assertThat(statistics.messages()).isEqualTo(3);
  }

  @Test
  void namesOnTheWireMayBeOthersThanInJava() throws Exception {
    List<String> sent = new CopyOnWriteArrayList<>();
    RunEvent event = new RunEvent(RunEventType.STEP_DONE, Instant.parse("2026-11-01T12:00:00Z"), 3);
    try (EventBusProxy proxy =
            EventBusProxy.builder()
                .publishPort(0)
                .subscribePort(0)
                .recorder(
                    (message, settlement) -> {
                      sent.add(new String(message.payload(), UTF_8));
                      settlement.stored();
                      return true;
                    })
                .start();
        var client =
            ServiceBus.snakeCase(
                proxy.publishAddress().getPort(), proxy.subscribeAddress().getPort())) {
      client.connect();
      client.subscribe(MyEventTopic.my_service);
      client.emitEvent(event, MyEventTopic.my_service);
      assertThat(client.receiveEvent(LONG)).contains(event);
    }
    assertThat(sent)
        .containsExactly(
            "{\"type\":\"step_done\",\"time\":\"2026-11-01T12:00:00Z\",\"step_count\":3}");
  }

  @Test
  void anAcknowledgedEventIsStored() throws Exception {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId("1")
            .withSource(URI.create("/me"))
            .withType("started")
            .withSubject("my_service")
            .build();
    try (EventBusProxy proxy =
        EventBusProxy.builder()
            .publishPort(0)
            .subscribePort(0)
            .acknowledgePort(0)
            .recorder(
                (message, settlement) -> {
                  settlement.stored();
                  return true;
                })
            .start()) {
      int acknowledge = proxy.acknowledgeAddress().orElseThrow().getPort();
      assertThat(
              ServiceBus.stored(proxy.publishAddress().getPort(), acknowledge, event).guarantee())
          .isEqualTo(Guarantee.STORED);
    }
  }
}
