package dev.carillon.examples;

import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventHttpException;
import dev.carillon.dataservices.EventMessage;

/** What can go wrong with an event, and what each failure says. */
public final class ErrorHandling {

  private ErrorHandling() {}

  /** Publishes an event and says what became of it. */
  public static String publish(EventClient client, EventMessage event) {
    // docs:begin error-handling
    try {
      return "published: " + client.publishEvent(event).id();
    } catch (EventValidationException e) {
      return "not sent, since it is not valid: " + e.violations();
    } catch (EventHttpException e) {
      return "refused with HTTP " + e.status() + ", worth retrying: " + e.isRetryable();
    } catch (EventException e) {
      return "no answer, but it may have arrived: " + e.mayHaveArrived();
    }
    // docs:end error-handling
  }

  /** Stamps an event with the server's time instead of this machine's. */
  public static EventMessage stamped(EventClient client, EventMessage event) {
    // docs:begin server-time
    return event.toBuilder().createdDateUtc(client.getServerTime()).build();
    // docs:end server-time
  }
}
