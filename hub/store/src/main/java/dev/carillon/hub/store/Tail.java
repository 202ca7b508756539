package dev.carillon.hub.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of the log in memory, for those who follow it; empty while nobody does. Events
 * are shown once they are stored. Thread-safe.
 */
final class Tail {

  /** An event with its position. */
  record Placed(long position, LogEntry entry) {}

  private final int maxEvents;
  private final long maxBytes;
  private final BooleanSupplier followed;
  private final Deque<Placed> events = new ArrayDeque<>();
  private long bytes;
  private long begin;
  private long shown;

  /**
   * Creates an empty tail.
   *
   * @param end the position up to which events are stored already
   * @param followed tells whether anybody follows the log
   */
  Tail(long end, int maxEvents, long maxBytes, BooleanSupplier followed) {
    this.begin = end;
    this.shown = end;
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.followed = followed;
  }

  /** Takes an event that is about to be stored, and comes after all that it has. */
  synchronized void add(Placed event) {
    if (!followed.getAsBoolean()) {
      clear(event.position);
      return;
    }
    events.addLast(event);
    bytes += event.entry.json().length;
    while (events.size() > maxEvents || bytes > maxBytes) {
      removeFirst();
    }
  }

  /** Takes events that are about to be stored, and come between those that it has. */
  synchronized void addLate(List<Placed> late) {
    List<Placed> inOrder = new ArrayList<>();
    for (Placed event : late) {
      if (event.position > begin) {
        inOrder.add(event);
      }
    }
    if (inOrder.isEmpty()) {
      return;
    }
    long first = inOrder.get(0).position;
    while (!events.isEmpty() && events.getLast().position > first) {
      Placed newer = events.removeLast();
      bytes -= newer.entry.json().length;
      inOrder.add(newer);
    }
    inOrder.sort(Comparator.comparingLong(Placed::position));
    inOrder.forEach(this::add);
  }

  /** Shows all events up to a position: they are stored. */
  synchronized void show(long position) {
    shown = position;
  }

  /** Begins anew behind a position up to which all is stored: what it had may have gaps. */
  synchronized void restart(long position) {
    clear(position);
    shown = position;
  }

  /** Lets go of events up to a position, which are removed from the log. */
  synchronized void forgetUpTo(long position) {
    while (!events.isEmpty() && events.getFirst().position <= position) {
      removeFirst();
    }
    begin = Math.max(begin, position);
  }

  private void removeFirst() {
    Placed oldest = events.removeFirst();
    bytes -= oldest.entry.json().length;
    begin = oldest.position;
  }

  private void clear(long position) {
    events.clear();
    bytes = 0;
    begin = position;
  }

  /** All shown events after a position; null if some of them are no longer here. */
  synchronized @Nullable List<Placed> after(long position) {
    if (position < Math.min(begin, shown)) {
      return null;
    }
    List<Placed> found = new ArrayList<>();
    for (var newest = events.descendingIterator(); newest.hasNext(); ) {
      Placed event = newest.next();
      if (event.position <= position) {
        break;
      }
      if (event.position <= shown) {
        found.add(event);
      }
    }
    Collections.reverse(found);
    return found;
  }
}
