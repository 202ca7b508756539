package dev.carillon.core;

import io.cloudevents.CloudEvent;

/** What an application does with an event that it receives. */
@FunctionalInterface
public interface EventHandler {

  /**
   * Handles one event.
   *
   * @param event the event received
   * @throws Exception if the event could not be handled: the source logs and counts it, and what
   *     follows (redelivery, dead letter, nothing) is the transport's to say; the next event comes
   *     in any case
   */
  void handle(CloudEvent event) throws Exception;
}
