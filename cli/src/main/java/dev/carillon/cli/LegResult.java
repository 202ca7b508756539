package dev.carillon.cli;

import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a leg of the demo did.
 *
 * @param ids of the events that it sent
 * @param outcomes what became of each, in the same order
 * @param took how long that was, from the making of the client to its end
 */
record LegResult(List<String> ids, List<Outcome> outcomes, Duration took) {

  long acknowledged() {
    return outcomes.stream().filter(Outcome::isAccepted).count();
  }

  /** How far every accepted event got at least; empty if none was accepted. */
  Optional<Guarantee> weakest() {
    return outcomes.stream()
        .filter(Outcome.Accepted.class::isInstance)
        .map(outcome -> ((Outcome.Accepted) outcome).receipt().guarantee())
        .min(Guarantee::compareTo);
  }
}
