package dev.carillon.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import dev.carillon.amqp.AmqpMessage;
import dev.carillon.amqp.MessageFormat;
import dev.carillon.core.EventSource;
import dev.carillon.testkit.EventSourceContract;
import dev.carillon.testkit.SourcePeer;
import io.cloudevents.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The subscriber keeps the contract on a real RabbitMQ. */
final class RabbitSourceContractTest extends EventSourceContract {

  @Override
  protected SourcePeer openPeer() {
    return new Peer();
  }

  private static final class Peer implements SourcePeer {
    private final String url = Brokers.shared().url();
    private final String exchange = Brokers.unique("source");
    private final List<EventSubscriber> sources = new ArrayList<>();
    private final MessageFormat format = MessageFormat.json();

    Peer() {
      Brokers.with(
          url, channel -> channel.exchangeDeclare(exchange, BuiltinExchangeType.TOPIC, true));
    }

    @Override
    public EventSource openSource() {
      EventSubscriber source =
          EventSubscriber.of(
              EventSubscriberConfig.builder()
                  .rabbitmqUrl(url)
                  .exchangeName(exchange)
                  .retryDelay(Duration.ofMillis(50))
                  .build());
      sources.add(source);
      return source;
    }

    @Override
    public void publish(CloudEvent event) {
      AmqpMessage message = format.write(event);
      send(event.getType(), message.properties(), message.body());
    }

    private void send(String routingKey, BasicProperties properties, byte[] body) {
      sources.forEach(source -> source.awaitConsuming(Duration.ofSeconds(20)));
      Brokers.with(
          url,
          channel -> {
            channel.basicPublish(exchange, routingKey, properties, body);
            return true;
          });
    }

    @Override
    public long publishMalformed() {
      List<String> bodies =
          List.of("", "no json", "[]", "{}", "{\"event_id\":\"1\"}", "{\"data\":{}} trailing");
      BasicProperties json = new BasicProperties.Builder().contentType("application/json").build();
      bodies.forEach(body -> send("sample.moved", json, body.getBytes(StandardCharsets.UTF_8)));
      send("sample.moved", contentType("image/png"), new byte[] {1, 2, 3});
      send("sample.moved", contentType("application/cloudevents+json"), new byte[] {'{'});
      send("sample.moved", contentType("application/cloudevents+unknown"), new byte[] {'{'});
      BasicProperties binary =
          json.builder().headers(Map.of("cloudEvents:specversion", "1.0")).build();
      send("sample.moved", binary, new byte[] {'{', '}'});
      return bodies.size() + 4L;
    }

    private static BasicProperties contentType(String type) {
      return new BasicProperties.Builder().contentType(type).build();
    }

    @Override
    public long skipped() {
      return sources.stream().mapToLong(source -> source.stats().skipped()).sum();
    }

    @Override
    public void close() {
      sources.forEach(EventSource::close);
      Brokers.with(url, channel -> channel.exchangeDelete(exchange));
    }
  }
}
