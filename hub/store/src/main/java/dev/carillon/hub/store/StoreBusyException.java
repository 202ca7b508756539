package dev.carillon.hub.store;

import java.io.IOException;

/**
 * A store did not write for want of memory, room, time or a connection: what it was asked to write
 * has no part in that, and is to be written again.
 */
public final class StoreBusyException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Creates a failure with a text fit for a person. */
  public StoreBusyException(String message, Throwable cause) {
    super(message, cause);
  }
}
