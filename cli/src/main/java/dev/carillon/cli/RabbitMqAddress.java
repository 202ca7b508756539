package dev.carillon.cli;

import picocli.CommandLine.Option;

/** Where a broker is, and which exchange of it. */
final class RabbitMqAddress {

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "The broker: amqp://user:password@host:5672/vhost, or amqps"
              + " (RABBITMQ_URL; default: amqp://localhost:5672).")
  private String url = System.getenv().getOrDefault("RABBITMQ_URL", "amqp://localhost:5672");

  @Option(
      names = "--exchange",
      paramLabel = "NAME",
      description = "The topic exchange (RABBITMQ_EXCHANGE_NAME; default: fitviz.events).")
  private String exchange = System.getenv().getOrDefault("RABBITMQ_EXCHANGE_NAME", "fitviz.events");

  RabbitMqAddress() {}

  String url() {
    return url;
  }

  String exchange() {
    return exchange;
  }
}
