package dev.carillon.hub.server;

import org.jspecify.annotations.Nullable;

/** The hub cannot start; the message is one line that says why, fit for a person. */
final class HubStartException extends Exception {

  private static final long serialVersionUID = 1L;

  HubStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
