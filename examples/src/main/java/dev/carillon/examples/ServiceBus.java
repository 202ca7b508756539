package dev.carillon.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.carillon.core.EventSink;
import dev.carillon.core.Receipt;
import dev.carillon.eventbus.BusMetrics;
import dev.carillon.eventbus.ConnectionState;
import dev.carillon.eventbus.EventBusClient;
import dev.carillon.eventbus.OverflowPolicy;
import dev.carillon.hub.bus.BusStatistics;
import dev.carillon.hub.bus.EventBusProxy;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Processes that tell each other over ZeroMQ what happens. */
public final class ServiceBus {

  // docs:begin bus-types
  /** What can happen. The constants' names stand in the JSON. */
  public enum MyEventType {
    started,
    updated,
    stopped
  }

  /** Where it can happen. */
  public enum MyEventTopic {
    my_service
  }

  /** An event: any record or class with a type and a time. */
  public record MyEvent(MyEventType type, Instant time, @Nullable Integer step) {}

  // docs:end bus-types

  // docs:begin bus-names
  /** {@code @JsonProperty} names a constant, of types and topics alike. */
  public enum RunEventType {
    @JsonProperty("step_done")
    STEP_DONE
  }

  /** A component's name has the strategy of the client. */
  public record RunEvent(RunEventType type, Instant time, @Nullable Integer stepCount) {}

  // docs:end bus-names

  // docs:begin bus-own-client
  /** A service's own client, as others use it. */
  public static final class MyServiceClient
      extends EventBusClient<MyEvent, MyEventType, MyEventTopic> {
    /** A client of the bus at a host. */
    public MyServiceClient(String host, int publishPort, int subscribePort) {
      super(
          builder(MyEvent.class, MyEventType.class, MyEventTopic.class)
              .host(host)
              .publishPort(publishPort)
              .subscribePort(subscribePort));
    }
  }

  // docs:end bus-own-client

  private ServiceBus() {}

  /** Publishes, in both ways. */
  public static void publish(int publishPort, int subscribePort) {
    // docs:begin bus-publish
    try (var client =
        EventBusClient.builder(MyEvent.class, MyEventType.class, MyEventTopic.class)
            .host("localhost")
            .publishPort(publishPort)
            .subscribePort(subscribePort)
            .build()) {
      client.connect();
      client.emitEvent(MyEventType.started, MyEventTopic.my_service);
      client.emitEvent(new MyEvent(MyEventType.updated, Instant.now(), 1), MyEventTopic.my_service);
    }
    // docs:end bus-publish
  }

  /** A client of events that others write in snake_case. */
  public static EventBusClient<RunEvent, RunEventType, MyEventTopic> snakeCase(
      int publishPort, int subscribePort) {
    // docs:begin bus-snake-case
    return EventBusClient.builder(RunEvent.class, RunEventType.class, MyEventTopic.class)
        .publishPort(publishPort)
        .subscribePort(subscribePort)
        .json(json -> json.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE))
        .build();
    // docs:end bus-snake-case
  }

  /** Receives one event, if there is one. */
  public static Optional<MyEvent> receive(MyServiceClient client) {
    // docs:begin bus-receive
    client.connect();
    client.subscribe(MyEventTopic.my_service);
    return client.receiveEvent(Duration.ofSeconds(1));
    // docs:end bus-receive
  }

  /** Receives events until one says that it is over. */
  public static List<MyEvent> listen(MyServiceClient client) {
    // docs:begin bus-listen
    try (Stream<MyEvent> events = client.listenForever()) {
      return events.takeWhile(event -> event.type() != MyEventType.stopped).toList();
    }
    // docs:end bus-listen
  }

  /** Has callbacks called. */
  public static void callbacks(
      MyServiceClient client, Consumer<MyEvent> onStarted, Consumer<MyEvent> onUpdated) {
    // docs:begin bus-callbacks
    client.connect();
    client.attachCallbacks(Map.of(MyEventType.started, onStarted, MyEventType.updated, onUpdated));
    client.subscribe(MyEventTopic.my_service);
    client.startConsumer();
    // docs:end bus-callbacks
  }

  /** A client that loses nothing that it can help, and tells how it is. */
  public static EventBusClient<MyEvent, MyEventType, MyEventTopic> careful(
      int publishPort, int subscribePort, Consumer<String> alarm) {
    // docs:begin bus-careful
    var client =
        EventBusClient.builder(MyEvent.class, MyEventType.class, MyEventTopic.class)
            .publishPort(publishPort)
            .subscribePort(subscribePort)
            .sendQueue(50_000, OverflowPolicy.FAIL)
            .receiveQueue(50_000, OverflowPolicy.BLOCK)
            .stateListener(
                (state, reason) -> {
                  if (state == ConnectionState.RECONNECTING || state == ConnectionState.REFUSED) {
                    alarm.accept(reason);
                  }
                })
            .build();
    // docs:end bus-careful
    return client;
  }

  /** What may have been lost on the way so far. */
  public static long mayBeLost(EventBusClient<?, ?, ?> client) {
    // docs:begin bus-metrics
    BusMetrics metrics = client.metrics();
    return metrics.inDoubt() + metrics.droppedSending() + metrics.expired();
    // docs:end bus-metrics
  }

  /** Sends an event to a hub and waits until that has stored it. */
  public static Receipt stored(int publishPort, int acknowledgePort, CloudEvent event) {
    // docs:begin bus-acknowledged
    EventBusClient<MyEvent, MyEventType, MyEventTopic> client =
        EventBusClient.builder(MyEvent.class, MyEventType.class, MyEventTopic.class)
            .publishPort(publishPort)
            .publishOnly()
            .acknowledgePort(acknowledgePort)
            .build();
    client.connect();
    try (EventSink sink = client) {
      return sink.sendAndAwait(event, Duration.ofSeconds(10));
    }
    // docs:end bus-acknowledged
  }

  /** An encrypted client. */
  public static EventBusClient<MyEvent, MyEventType, MyEventTopic> encrypted(Path keys)
      throws IOException {
    // docs:begin bus-curve
    return EventBusClient.builder(MyEvent.class, MyEventType.class, MyEventTopic.class)
        .curve(keys.resolve("me.key_secret"), keys.resolve("hub.key"))
        .compressFrom(4_096)
        .build();
    // docs:end bus-curve
  }

  /** Runs a proxy of one's own for as long as something lasts. */
  public static BusStatistics embedded(Consumer<EventBusProxy> during) throws IOException {
    // docs:begin bus-proxy
    try (EventBusProxy proxy =
        EventBusProxy.builder().publishPort(0).subscribePort(0).noDrop(true).start()) {
      during.accept(proxy);
      return proxy.statistics();
    }
    // docs:end bus-proxy
  }
}
