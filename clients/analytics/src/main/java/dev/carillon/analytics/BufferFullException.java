package dev.carillon.analytics;

/** The buffer has no room for the event, which was not taken. There is room again when it sent. */
public final class BufferFullException extends AnalyticsException {

  private static final long serialVersionUID = 1L;

  BufferFullException(String message) {
    super(message, NO_ANSWER, "", true, null, null);
  }
}
