package dev.carillon.hub.store;

/** What was asked for is too large for one answer: ask for fewer events. */
public final class AnswerTooLargeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates one. */
  public AnswerTooLargeException() {
    super("makes an answer that is too large: ask for fewer events");
  }
}
