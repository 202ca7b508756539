package dev.carillon.cli;

import picocli.CommandLine.Command;

/** Prints events as they come; one subcommand for each kind of event system. */
@Command(
    name = "listen",
    description = "Prints the events of one kind of event system as they come.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SYSTEM",
    subcommands = {ListenEventBus.class, ListenRabbitMq.class})
final class ListenCommand {

  ListenCommand() {}
}
