package dev.carillon.cli;

/** Text that holds no event message; the message says what is wrong with it. */
final class BadMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  BadMessageException(String message) {
    super(message);
  }
}
