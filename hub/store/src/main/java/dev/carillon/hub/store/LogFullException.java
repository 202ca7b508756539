package dev.carillon.hub.store;

/** A bound of the log is reached: try again later. Nothing was appended or read. */
public final class LogFullException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says which bound is reached. */
  public LogFullException(String message) {
    super(message);
  }
}
