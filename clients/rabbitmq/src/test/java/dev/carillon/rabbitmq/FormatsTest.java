package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.amqp.MessageFormat;
import dev.carillon.core.EventFilter;
import dev.carillon.formats.EventFormats;
import dev.carillon.testkit.SampleEvents;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One queue with messages in every format, which a subscriber tells apart by itself. */
@Timeout(120)
final class FormatsTest {

  private static final Map<String, MessageFormat> FORMATS = new LinkedHashMap<>();

  static {
    FORMATS.put("application/json", MessageFormat.json());
    FORMATS.put("application/json; charset=utf-8", MessageFormat.binary());
    FORMATS.put(EventFormats.JSON, MessageFormat.structured(EventFormats.json()));
    FORMATS.put(EventFormats.PROTOBUF, MessageFormat.structured(EventFormats.protobuf()));
    FORMATS.put(EventFormats.MESSAGE_PACK, MessageFormat.structured(EventFormats.messagePack()));
  }

  private final String url = Brokers.shared().url();
  private final BoundQueue queue = new BoundQueue(url);

  @Test
  void everyFormatArrivesWholeAtOneSubscriber() throws Exception {
    List<CloudEvent> received = new CopyOnWriteArrayList<>();
    List<CloudEvent> sent = new ArrayList<>();
    EventSubscriberConfig config =
        EventSubscriberConfig.builder().rabbitmqUrl(url).exchangeName(queue.exchange()).build();
    try (EventSubscriber subscriber = EventSubscriber.of(config)) {
      subscriber.subscribe(EventFilter.all(), received::add);
      assertThat(subscriber.awaitConsuming(Duration.ofSeconds(30))).isTrue();
      for (MessageFormat format : FORMATS.values()) {
        EventPublisherConfigBuilder settings =
            RabbitPeer.settings(url, queue.exchange()).format(format);
        try (EventPublisher publisher = EventPublisher.of(settings.build())) {
          CloudEvent event = full();
          publisher.sendAndAwait(event, Duration.ofSeconds(30));
          sent.add(event);
          assertThat(publisher.publish("locker.opened", Map.of("locker", 12))).isTrue();
        }
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> received.size() == 2 * sent.size());
      assertThat(subscriber.stats().skipped()).isZero();
    }
    assertThat(queue.messages())
        .extracting(message -> message.getProps().getContentType())
        .contains(FORMATS.keySet().toArray(String[]::new));
    assertThat(texts())
        .contains("2026-11-01T11:30:00Z", "2026-11-01T12:00:00Z", "AQID")
        .doesNotContain("2026-11-01T11:30Z", "2026-11-01T12:00Z");
    for (int i = 0; i < sent.size(); i++) {
      assertSame(sent.get(i), received.get(2 * i));
      CloudEvent domain = received.get(2 * i + 1);
      assertThat(domain.getType()).isEqualTo("locker.opened");
      assertThat(domain.getExtension("organizationid")).hasToString("lab-7");
      assertThat(domain.getSource()).hasToString("/" + queue.exchange());
      assertThat(new ObjectMapper().readTree(Objects.requireNonNull(domain.getData()).toBytes()))
          .isEqualTo(new ObjectMapper().readTree("{\"locker\": 12}"));
    }
    queue.delete();
  }

  /** All headers of all messages. */
  private List<String> texts() {
    return queue.messages().stream()
        .flatMap(message -> message.getProps().getHeaders().values().stream())
        .map(String::valueOf)
        .toList();
  }

  private static CloudEvent full() {
    return CloudEventBuilder.v1(new SampleEvents().next())
        .withSubject("sample 1 – ä")
        .withDataSchema(URI.create("https://example.org/schema"))
        .withExtension("organizationid", "lab-8")
        .withExtension("tags", "[\"a\"]")
        .withExtension("urgent", true)
        .withExtension("due", OffsetDateTime.parse("2026-11-01T12:00:00Z"))
        .withExtension("digest", new byte[] {1, 2, 3})
        .withTime(OffsetDateTime.parse("2026-11-01T11:30:00Z"))
        .withData(
            "application/json; charset=utf-8", "{\"amount\":1.10}".getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private static void assertSame(CloudEvent sent, CloudEvent received) throws Exception {
    assertThat(received.getId()).isEqualTo(sent.getId());
    assertThat(received.getType()).isEqualTo(sent.getType());
    assertThat(received.getSource()).isEqualTo(sent.getSource());
    assertThat(received.getSubject()).isEqualTo(sent.getSubject());
    assertThat(received.getDataSchema()).isEqualTo(sent.getDataSchema());
    assertThat(Objects.requireNonNull(received.getTime()).toInstant())
        .isEqualTo(Objects.requireNonNull(sent.getTime()).toInstant());
    for (String name : List.of("organizationid", "tags", "urgent")) {
      assertThat(received.getExtension(name))
          .as(name)
          .hasToString(String.valueOf(sent.getExtension(name)));
    }
    assertThat(new ObjectMapper().readTree(Objects.requireNonNull(received.getData()).toBytes()))
        .isEqualTo(new ObjectMapper().readTree("{\"amount\":1.10}"));
  }
}
