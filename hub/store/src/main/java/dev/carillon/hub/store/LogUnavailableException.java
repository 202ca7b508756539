package dev.carillon.hub.store;

import org.jspecify.annotations.Nullable;

/** The storage cannot be written or read now: the disk is full, the folder is gone, it closed. */
public final class LogUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what cannot be written or read, and why. */
  public LogUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
