package dev.carillon.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long an answer may be, for questions that have no end of their own. */
final class LineLimit {

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "So many lines at most; the service decides if not given.")
  private @Nullable Integer lines;

  LineLimit() {}

  @Nullable Integer lines() {
    return lines;
  }
}
