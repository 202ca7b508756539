package dev.carillon.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.GetResponse;
import dev.carillon.amqp.AmqpMessage;
import dev.carillon.amqp.MessageReader;
import dev.carillon.formats.EventFormats;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An exchange with a durable queue that takes everything, and what was read from it. */
final class BoundQueue {

  private final String url;
  private final String exchange = Brokers.unique("events");
  private final String queue = Brokers.unique("queue");
  private final List<GetResponse> messages = new ArrayList<>();

  BoundQueue(String url) {
    this(url, "#", Map.of());
  }

  BoundQueue(String url, String binding, Map<String, Object> arguments) {
    this.url = url;
    Brokers.with(
        url,
        channel -> {
          channel.exchangeDeclare(exchange, BuiltinExchangeType.TOPIC, true);
          channel.queueDeclare(queue, true, false, false, arguments);
          return channel.queueBind(queue, exchange, binding);
        });
  }

  String exchange() {
    return exchange;
  }

  String queue() {
    return queue;
  }

  /** Every message that has arrived so far. */
  synchronized List<GetResponse> messages() {
    Brokers.with(
        url,
        channel -> {
          for (GetResponse one = channel.basicGet(queue, true);
              one != null;
              one = channel.basicGet(queue, true)) {
            messages.add(one);
          }
          return messages.size();
        });
    return List.copyOf(messages);
  }

  /** Every event that has arrived so far. */
  List<CloudEvent> events() {
    MessageReader reader = new MessageReader(EventFormats.ofDefaults());
    return messages().stream()
        .map(one -> reader.read(new AmqpMessage(one.getProps(), one.getBody()), exchange))
        .toList();
  }

  void delete() {
    Brokers.with(
        url,
        channel -> {
          channel.queueDelete(queue);
          return channel.exchangeDelete(exchange);
        });
  }
}
