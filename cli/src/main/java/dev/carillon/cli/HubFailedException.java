package dev.carillon.cli;

import java.io.IOException;

/** A hub that ended before it was ready. */
final class HubFailedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  HubFailedException(int exitCode, String log) {
    super("the hub ended with exit code " + exitCode + (log.isEmpty() ? "" : ": " + log));
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
