package dev.carillon.hub.amqp;

import io.cloudevents.CloudEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where received events go. */
public interface AmqpRecorder {

  /**
   * Stores events, and returns once they are durable.
   *
   * @return for each event why it cannot ever be stored, or null if it is
   * @throws Exception if none can be stored now; they are brought again later
   */
  List<@Nullable String> record(List<CloudEvent> events) throws Exception;
}
