package dev.carillon.hub.server;

import dev.carillon.amqp.AmqpUrl;
import dev.carillon.amqp.MessageFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a hub takes part in AMQP 0-9-1. Prints itself without credentials.
 *
 * @param port where the hub's own broker listens; 0 picks a free one, null runs none
 * @param url a broker, such as RabbitMQ, whose events to store as well; null for none
 * @param exchange the topic exchange whose events to store, on either
 * @param queue the durable queue through which they come
 */
record AmqpConfig(@Nullable Integer port, @Nullable String url, String exchange, String queue) {

  static final String EXCHANGE = MessageFormat.EVENTS_EXCHANGE;
  static final String QUEUE = "carillon-hub";

  /** Throws, with a text fit for a person, if a hub must not run like this. */
  void check() {
    if (url != null) {
      AmqpUrl.of(url);
    }
    if (exchange.isBlank() || queue.isBlank()) {
      throw new IllegalArgumentException("--amqp-exchange and --amqp-queue need names");
    }
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return "AmqpConfig[port=" + port + ", exchange=" + exchange + ", queue=" + queue + "]";
  }
}
