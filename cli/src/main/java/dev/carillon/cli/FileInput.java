package dev.carillon.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a command publishes: a file or, as each command adds, one event by flags. */
abstract class FileInput {

  @Option(
      names = "--file",
      required = true,
      paramLabel = "FILE",
      description =
          "A file of events, one JSON object a line; - is standard input. Where nobody answers, or"
              + " not any more, the rest is not tried, and the line to go on from is named.")
  @Nullable Path file;
}
