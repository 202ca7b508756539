package dev.carillon.hub.store;

import java.util.List;

/** What was asked for is too large for one answer: ask for less. */
public final class AnswerTooLargeException extends RuntimeException {

  /** How many lines an answer has at most, events among them. */
  public static final int MAX_LINES = 100_000;

  /** How many bytes the events of an answer of conversation analytics have at most: 32 MiB. */
  public static final long MAX_BYTES = 32L << 20;

  private static final long serialVersionUID = 1L;

  private final String parameter;

  private AnswerTooLargeException(String parameter, String message) {
    super(message);
    this.parameter = parameter;
  }

  /** For events that are too large together. */
  public static AnswerTooLargeException ofEvents() {
    return new AnswerTooLargeException(
        "limit", "makes an answer that is too large: ask for fewer events");
  }

  /**
   * The events of an answer.
   *
   * @throws AnswerTooLargeException if there are more than {@link #MAX_LINES}
   */
  public static <T> List<T> checkEvents(List<T> events) {
    if (events.size() > MAX_LINES) {
      throw ofEvents();
    }
    return events;
  }

  /**
   * The lines of an answer that sums events up.
   *
   * @throws AnswerTooLargeException if there are more than {@link #MAX_LINES}
   */
  public static <T> List<T> checkLines(List<T> lines) {
    if (lines.size() > MAX_LINES) {
      throw new AnswerTooLargeException(
          "from",
          "makes an answer of more than "
              + MAX_LINES
              + " lines: ask for a shorter time, or for one event_name");
    }
    return lines;
  }

  /** The parameter that makes the answer smaller. */
  public String parameter() {
    return parameter;
  }
}
