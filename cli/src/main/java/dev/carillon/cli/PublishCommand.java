package dev.carillon.cli;

import picocli.CommandLine.Command;

/** Publishes events; one subcommand for each kind of event system. */
@Command(
    name = "publish",
    description = "Publishes events to one kind of event system.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SYSTEM",
    subcommands = {
      PublishDataServices.class,
      PublishAnalytics.class,
      PublishRabbitMq.class,
      PublishEventBus.class,
      PublishEventGrid.class
    })
final class PublishCommand {

  PublishCommand() {}
}
