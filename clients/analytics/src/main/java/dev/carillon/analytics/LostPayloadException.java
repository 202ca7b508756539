package dev.carillon.analytics;

import java.io.IOException;

/** An operation cannot be read, neither now nor later. */
final class LostPayloadException extends IOException {

  private static final long serialVersionUID = 1L;

  LostPayloadException(String message, IOException cause) {
    super(message, cause);
  }
}
