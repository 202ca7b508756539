package dev.carillon.cli;

import dev.carillon.dataservices.EventMessage;
import java.util.List;

/** One way to publish the sample day; the demo runs every one there is. */
interface DemoLeg {

  /** The client and the method, as a reader of the table finds them in the documentation. */
  String client();

  /** What carries the events. */
  String transport();

  /** Publishes all events to the hub and waits for what became of each. */
  LegResult publish(DemoHub hub, List<EventMessage> day);
}
