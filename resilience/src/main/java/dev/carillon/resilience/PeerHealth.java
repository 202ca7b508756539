package dev.carillon.resilience;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;

/** What a failed attempt says about the peer. */
enum PeerHealth {
  /** It answered, and sensibly. */
  WELL,
  /** It cannot be reached, does not answer, or asks to be left alone. */
  ILL,
  /** The attempt failed on this side. */
  UNKNOWN;

  static PeerHealth after(EventException failure) {
    if (failure instanceof PartialBatchException partial) {
      return partial.health();
    }
    if (failure instanceof EventConnectionException || failure instanceof EventTimeoutException) {
      return ILL;
    }
    if (failure instanceof EventRejectedException) {
      return failure.isRetryable() ? ILL : WELL;
    }
    return UNKNOWN;
  }
}
