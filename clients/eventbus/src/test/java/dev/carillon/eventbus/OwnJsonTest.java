package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import dev.carillon.hub.bus.BusMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users say how their events look on the wire, to suit peers in other languages. */
@Timeout(60)
final class OwnJsonTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00.123456Z");

  private ProxyPeer bus;

  @BeforeEach
  void start() throws Exception {
    bus = ProxyPeer.plain();
  }

  @AfterEach
  void stop() {
    bus.close();
  }

  record Progress(Kind type, Instant time, Integer stepCount) {}

  @Test
  void membersMayBeInSnakeCase() {
    isInSnakeCase(
        builder ->
            builder.json(json -> json.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)),
        ",\"new\":[1]}");
  }

  @Test
  void timesAreTextInUtcWithAnyMapper() {
    JsonMapper own =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    isInSnakeCase(builder -> builder.objectMapper(own), "}");
  }

  private void isInSnakeCase(
      UnaryOperator<EventBusClientBuilder<Progress, Kind, Topic>> setting, String end) {
    String python =
        "{\"type\":\"updated\",\"time\":\"2026-11-01T12:00:00.123456\",\"step_count\":3";
    Progress event = new Progress(Kind.updated, NOON, 3);
    try (var client = setting.apply(builder(Progress.class, Kind.class, Topic.class)).build();
        RawPublisher raw = RawPublisher.to(bus)) {
      client.connect();
      client.subscribe(Topic.my_service);
      raw.send("my_service", python + end);
      assertThat(client.receiveEvent(LONG)).contains(event);
      client.emitEvent(event, Topic.my_service);
      assertThat(client.receiveEvent(LONG)).contains(event);
    }
    assertThat(lastSent())
        .isEqualTo(
            "{\"type\":\"updated\",\"time\":\"2026-11-01T12:00:00.123456Z\",\"step_count\":3}");
  }

  @Test
  void timesMayHaveAnOffset() {
    record Local(Kind type, OffsetDateTime time, ZonedDateTime since) {}
    try (var client = builder(Local.class, Kind.class, Topic.class).build();
        RawPublisher raw = RawPublisher.to(bus)) {
      client.connect();
      client.subscribe(Topic.other);
      for (String time : List.of("2026-11-01T12:00:00", "2026-11-01T13:00:00+01:00")) {
        raw.send(
            "other",
            "{\"type\":\"updated\",\"time\":\"%s\",\"since\":\"%s\"}".formatted(time, time));
        Local received = client.receiveEvent(LONG).orElseThrow();
        assertThat(received.time()).isEqualTo("2026-11-01T12:00:00Z");
        assertThat(received.since()).isEqualTo("2026-11-01T12:00:00Z");
      }
    }
  }

  record Perhaps(Kind type, Instant time, Optional<Integer> step) {}

  @Test
  void anOptionalMemberIsItsValueOrNull() {
    try (var client = builder(Perhaps.class, Kind.class, Topic.class).build();
        RawPublisher raw = RawPublisher.to(bus)) {
      client.connect();
      client.subscribe(Topic.other);
      for (Optional<Integer> step : List.of(Optional.of(3), Optional.<Integer>empty())) {
        Perhaps event = new Perhaps(Kind.updated, NOON, step);
        client.emitEvent(event, Topic.other);
        assertThat(client.receiveEvent(LONG)).contains(event);
        assertThat(lastSent())
            .endsWith(",\"step\":" + step.map(String::valueOf).orElse("null") + "}");
      }
      raw.send("other", "{\"type\":\"updated\",\"time\":\"" + NOON + "\"}");
      assertThat(client.receiveEvent(LONG))
          .contains(new Perhaps(Kind.updated, NOON, Optional.empty()));
      client.emitEvent(Kind.started, Topic.other);
      assertThat(client.receiveEvent(LONG)).map(Perhaps::step).contains(Optional.empty());
    }
  }

  enum Change {
    @JsonProperty("step_done")
    STEP_DONE
  }

  enum Place {
    @JsonProperty("my_service")
    MY_SERVICE,
    @JsonProperty
    other
  }

  record Changed(Change type, Instant time) {}

  @Test
  void constantsMayHaveOtherNamesThanInJava() {
    Changed event = new Changed(Change.STEP_DONE, NOON);
    try (var client = builder(Changed.class, Change.class, Place.class).build()) {
      client.connect();
      for (Place topic : Place.values()) {
        client.subscribe(topic);
        client.emitEvent(event, topic);
        assertThat(client.receiveEvent(LONG)).contains(event);
      }
    }
    assertThat(bus.recorded()).map(BusMessage::topic).containsExactly("my_service", "other");
    assertThat(lastSent())
        .isEqualTo("{\"type\":\"step_done\",\"time\":\"2026-11-01T12:00:00.123456Z\"}");
  }

  private String lastSent() {
    List<BusMessage> sent = bus.recorded();
    return new String(sent.get(sent.size() - 1).payload(), UTF_8);
  }

  private <E, T extends Comparable<T>, P> EventBusClientBuilder<E, T, P> builder(
      Class<E> events, Class<T> types, Class<P> topics) {
    return EventBusClient.builder(events, types, topics)
        .host("127.0.0.1")
        .publishPort(bus.publishPort())
        .subscribePort(bus.subscribePort())
        .connectTimeout(LONG);
  }
}
