package dev.carillon.cli;

import picocli.CommandLine.Option;

/** Where a broker is, and which exchange of it. */
final class RabbitMqAddress {

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:RABBITMQ_URL:-amqp://localhost:5672}",
      description =
          "The broker: amqp://user:password@host:5672/vhost, or amqps"
              + " (RABBITMQ_URL; default: amqp://localhost:5672).")
  private String url = "";

  @Option(
      names = "--exchange",
      paramLabel = "NAME",
      defaultValue = "${env:RABBITMQ_EXCHANGE_NAME:-fitviz.events}",
      description = "The topic exchange (RABBITMQ_EXCHANGE_NAME; default: fitviz.events).")
  private String exchange = "";

  RabbitMqAddress() {}

  String url() {
    return url;
  }

  String exchange() {
    return exchange;
  }
}
