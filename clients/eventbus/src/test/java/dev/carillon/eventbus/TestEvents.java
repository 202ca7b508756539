package dev.carillon.eventbus;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The events that tests send about. */
final class TestEvents {

  enum Kind {
    started,
    updated,
    stopped
  }

  enum Topic {
    my_service,
    my_service_2,
    other
  }

  record Event(Kind type, Instant time, long number, @Nullable String note) {
    static Event of(Kind type, long number) {
      return new Event(type, Instant.parse("2026-11-01T12:00:00Z"), number, null);
    }
  }

  private TestEvents() {}

  static EventBusClientBuilder<Event, Kind, Topic> builder(ProxyPeer bus) {
    return EventBusClient.builder(Event.class, Kind.class, Topic.class)
        .host("127.0.0.1")
        .publishPort(bus.publishPort())
        .subscribePort(bus.subscribePort())
        .connectTimeout(Duration.ofSeconds(20))
        .reconnectDelay(Duration.ofMillis(20), Duration.ofMillis(200));
  }
}
