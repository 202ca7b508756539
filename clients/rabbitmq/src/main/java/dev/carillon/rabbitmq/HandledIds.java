package dev.carillon.rabbitmq;

import io.cloudevents.CloudEvent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which events a subscription has handled, so many of them, and which it is handling now.
 * Thread-safe.
 */
final class HandledIds {

  /** What is known of an event. */
  enum Known {
    NEW,
    HANDLED,
    IN_HAND
  }

  private final int capacity;
  private final Set<String> inHand = new HashSet<>();
  private final Map<String, Boolean> handled;

  HandledIds(int capacity) {
    this.capacity = capacity;
    handled =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Begins with an event; {@code NEW} must be followed by {@link #end}. */
  synchronized Known begin(CloudEvent event) {
    if (capacity == 0) {
      return Known.NEW;
    }
    String id = id(event);
    if (handled.containsKey(id)) {
      return Known.HANDLED;
    }
    return inHand.add(id) ? Known.NEW : Known.IN_HAND;
  }

  synchronized void end(CloudEvent event, boolean success) {
    String id = id(event);
    inHand.remove(id);
    if (success && capacity > 0) {
      handled.put(id, Boolean.TRUE);
    }
  }

  /** An id is unique only together with its source. */
  private static String id(CloudEvent event) {
    return event.getSource() + "\n" + event.getId();
  }
}
