package dev.carillon.resilience;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Not all events of a batch were accepted: what retry and breaker need to know of it as one
 * attempt. It never leaves this package; callers see each event's own failure.
 */
final class PartialBatchException extends EventException {

  private static final long serialVersionUID = 1L;

  private final PeerHealth health;

  private PartialBatchException(
      boolean retryable, @Nullable Duration retryAfter, PeerHealth health) {
    super("some events of the batch were not accepted", retryable, false, retryAfter, null);
    this.health = health;
  }

  static PartialBatchException of(List<Outcome> outcomes) {
    List<EventException> errors =
        outcomes.stream()
            .filter(Outcome.Failed.class::isInstance)
            .map(failed -> ((Outcome.Failed) failed).error())
            .toList();
    List<EventException> retryable = errors.stream().filter(EventException::isRetryable).toList();
    Duration retryAfter =
        retryable.stream()
            .flatMap(error -> error.retryAfter().stream())
            .max(Comparator.naturalOrder())
            .orElse(null);
    PeerHealth health =
        errors.size() < outcomes.size()
            ? PeerHealth.WELL
            : errors.stream().map(PeerHealth::after).min(Comparator.naturalOrder()).orElseThrow();
    return new PartialBatchException(!retryable.isEmpty(), retryAfter, health);
  }

  /** One sign of life is enough; an attempt counts against the peer only if there was none. */
  PeerHealth health() {
    return health;
  }
}
