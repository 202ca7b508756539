package dev.carillon.eventbus;

/** Hears of each change of a client's {@link ConnectionState}. */
@FunctionalInterface
public interface StateListener {

  /**
   * Called for one change after the other, on a thread of the client that does nothing else. Of
   * more than 1,000 changes that wait for it, the oldest are left out.
   *
   * @param state the new state
   * @param reason why, fit for a person
   */
  void changed(ConnectionState state, String reason);
}
