package dev.carillon.rabbitmq;

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
  synchronized Known begin(String id) {
    if (capacity == 0) {
      return Known.NEW;
    }
    if (handled.containsKey(id)) {
      return Known.HANDLED;
    }
    return inHand.add(id) ? Known.NEW : Known.IN_HAND;
  }

  synchronized void end(String id, boolean success) {
    inHand.remove(id);
    if (success && capacity > 0) {
      handled.put(id, Boolean.TRUE);
    }
  }
}
