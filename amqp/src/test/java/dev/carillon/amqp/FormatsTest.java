package dev.carillon.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.carillon.core.EventValidationException;
import dev.carillon.formats.EventFormats;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatsTest {

  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  private final MessageReader reader = new MessageReader(EventFormats.ofDefaults());

  private static CloudEvent event(byte[] data) {
    return CloudEventBuilder.v1()
        .withId("1")
        .withSource(URI.create("/s"))
        .withType("t")
        .withData("application/json", data)
        .build();
  }

  @Test
  void theEnvelopeRefusesJsonThatIsNotPlainUtf8() {
    MessageFormat envelope = MessageFormat.json();
    for (String name : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
      byte[] data = "{\"a\":1}".getBytes(Charset.forName(name));
      assertThatThrownBy(() -> envelope.write(event(data)))
          .as(name)
          .isInstanceOf(EventValidationException.class)
          .hasMessageContaining("UTF-8");
    }
    byte[] marked = "\ufeff{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> envelope.write(event(marked))).hasMessageContaining("UTF-8");
    byte[] plain = " {\"ä\":1}".getBytes(StandardCharsets.UTF_8);
    assertThat(reader.read(envelope.write(event(plain)), "x").getId()).isEqualTo("1");
  }

  @Test
  void readsAttributesInTheTypesThatAmqpHasForThem() {
    Map<String, Object> headers = new HashMap<>();
    headers.put("cloudEvents:specversion", "1.0");
    headers.put("cloudEvents:id", "1");
    headers.put("cloudEvents:source", "/s");
    headers.put("cloudEvents:type", "t");
    headers.put("cloudEvents:time", Date.from(NOON));
    headers.put("cloudEvents:due", Date.from(NOON));
    headers.put("cloudEvents:digest", new byte[] {1, 2, 3});
    headers.put("cloudEvents:count", 7);
    headers.put("cloudEvents:urgent", true);
    BasicProperties properties = new BasicProperties.Builder().headers(headers).build();
    CloudEvent event = reader.read(new AmqpMessage(properties, new byte[0]), "x");
    assertThat(event.getTime()).isNotNull().hasToString("2026-11-01T12:00Z");
    assertThat(event.getExtension("due")).hasToString("2026-11-01T12:00:00Z");
    assertThat(event.getExtension("digest")).hasToString("AQID");
    assertThat(event.getExtension("count")).hasToString("7");
    assertThat(event.getExtension("urgent")).hasToString("true");
  }

  @Test
  void theNameOfAnExchangeNeedNotBeAPath() {
    byte[] body =
        "{\"event_id\":\"1\",\"event_type\":\"t\",\"data\":{}}".getBytes(StandardCharsets.UTF_8);
    AmqpMessage message = new AmqpMessage(new BasicProperties(), body);
    assertThat(reader.read(message, "fitviz.events").getSource()).hasToString("/fitviz.events");
    assertThat(reader.read(message, "gym events").getSource()).hasToString("/gym%20events");
    assertThat(reader.read(message, "a{b}%").getSource()).hasToString("/a%7Bb%7D%25");
  }
}
