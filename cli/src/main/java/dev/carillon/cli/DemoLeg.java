package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventMessage;
import java.util.List;

/** One way to publish the sample day; the demo runs every one there is. */
interface DemoLeg {

  /** The client and the method, as a reader of the table finds them in the documentation. */
  String client();

  /** What carries the events. */
  String transport();

  /** Tells this leg's events from those of the others; empty to keep the ids that they have. */
  default String label() {
    return client();
  }

  /** Publishes all events to the hub by a client of its own and waits for what became of each. */
  List<Outcome> publish(DemoHub hub, List<EventMessage> events);

  /** Waits until the hub has the last event, where the outcomes do not say so. */
  default void awaitTaken(DemoHub hub, String last) {}
}
