package dev.carillon.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When listening ends: after so many events or seconds, or not by itself. */
final class ListenLimit {

  @Option(
      names = "--count",
      paramLabel = "EVENTS",
      converter = Numbers.OfCount.class,
      description = "End after so many events. Default: go on until Ctrl-C.")
  private @Nullable Long count;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      converter = Numbers.OfSeconds.class,
      description = "End after so many seconds. Default: never.")
  private @Nullable Double timeout;

  ListenLimit() {}

  /** After how many events to end. */
  long events() {
    return count == null ? Long.MAX_VALUE : count;
  }

  /** After how many nanoseconds to end. */
  long nanos() {
    return timeout == null ? Long.MAX_VALUE : (long) (timeout * 1e9);
  }

  /** 1 if fewer events than wanted were printed. */
  int exitCode(long printed) {
    return count != null && printed < count ? 1 : 0;
  }
}
