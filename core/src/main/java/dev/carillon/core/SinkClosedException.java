package dev.carillon.core;

/** The sink or source was closed. */
public class SinkClosedException extends EventException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates a refusal of something closed.
   *
   * @param message what was closed
   * @param mayHaveArrived whether the event was already on its way when it closed
   */
  public SinkClosedException(String message, boolean mayHaveArrived) {
    super(message, false, mayHaveArrived, null, null);
  }
}
