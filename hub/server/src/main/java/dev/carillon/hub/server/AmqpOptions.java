package dev.carillon.hub.server;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The hub's flags about AMQP. */
final class AmqpOptions {

  @Option(
      names = "--amqp-port",
      paramLabel = "PORT",
      description =
          "Runs an AMQP 0-9-1 broker here, in memory, and stores its events; 0 for a free port."
              + " Users log in as guest, with the API key as the password, or guest without one"
              + " (CARILLON_AMQP_PORT; default: none).")
  private @Nullable Integer port;

  @Option(
      names = "--amqp-url",
      paramLabel = "URL",
      description =
          "A RabbitMQ whose events to store: amqp://user:password@host:5672/vhost"
              + " (CARILLON_AMQP_URL; default: none).")
  private @Nullable String url;

  @Option(
      names = "--amqp-exchange",
      paramLabel = "NAME",
      description =
          "The topic exchange whose events to store (CARILLON_AMQP_EXCHANGE; default: "
              + AmqpConfig.EXCHANGE
              + ").")
  private String exchange = AmqpConfig.EXCHANGE;

  @Option(
      names = "--amqp-queue",
      paramLabel = "NAME",
      description =
          "The durable queue where events wait for this hub (CARILLON_AMQP_QUEUE; default: "
              + AmqpConfig.QUEUE
              + ").")
  private String queue = AmqpConfig.QUEUE;

  AmqpOptions() {}

  /** What the flags say; the port may still be none. */
  AmqpConfig config() {
    return new AmqpConfig(port, url, exchange, queue);
  }
}
