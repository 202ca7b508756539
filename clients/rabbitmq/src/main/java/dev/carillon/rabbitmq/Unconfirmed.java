package dev.carillon.rabbitmq;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one channel has sent and the broker has not confirmed, by the sequence numbers of publisher
 * confirms. One thread adds, another settles, without a lock between them; what was settled in
 * another way, by running out of time, gives its place to the next.
 */
final class Unconfirmed {

  private final AtomicReferenceArray<@Nullable Delivery> places;
  private volatile long next = 1;
  private long lowest = 1;

  Unconfirmed(int window) {
    places = new AtomicReferenceArray<>(window);
  }

  private int place(long sequence) {
    return (int) (sequence % places.length());
  }

  /** For the thread that adds: whether there is a place for the next. */
  boolean hasRoom() {
    Delivery there = places.get(place(next));
    return there == null || there.isSettled();
  }

  /** Whether nothing is open. */
  boolean isEmpty() {
    for (int i = 0; i < places.length(); i++) {
      Delivery there = places.get(i);
      if (there != null && !there.isSettled()) {
        return false;
      }
    }
    return true;
  }

  /** For the thread that adds, just before it sends. */
  void add(Delivery delivery) {
    long sequence = next;
    delivery.sequence = sequence;
    places.set(place(sequence), delivery);
    next = sequence + 1;
  }

  /** For the thread that hears the confirms: takes what a confirm is about. */
  void confirmed(long sequence, boolean multiple, Consumer<Delivery> each) {
    if (multiple) {
      for (long one = lowest; one <= sequence && one < next; one++) {
        take(one, each);
      }
      lowest = Math.max(lowest, sequence + 1);
    } else {
      take(sequence, each);
    }
    while (lowest < next && !isThere(lowest)) {
      lowest++;
    }
  }

  private boolean isThere(long sequence) {
    Delivery there = places.get(place(sequence));
    return there != null && there.sequence == sequence;
  }

  private void take(long sequence, Consumer<Delivery> each) {
    int place = place(sequence);
    Delivery there = places.get(place);
    if (there != null && there.sequence == sequence && places.compareAndSet(place, there, null)) {
      each.accept(there);
    }
  }

  /**
   * For the thread that hears the returns: the first open one with an id and a routing key, none
   * returned yet. An id alone may be that of another event, from another source.
   */
  @Nullable Delivery find(@Nullable String eventId, String routingKey) {
    for (long one = lowest; one < next; one++) {
      Delivery there = places.get(place(one));
      if (there != null
          && there.sequence == one
          && there.returned() == null
          && there.eventId.equals(eventId)
          && there.routingKey.equals(routingKey)) {
        return there;
      }
    }
    return null;
  }

  /** All that are there, settled ones too, at about this moment. */
  void forEach(Consumer<Delivery> each) {
    for (int i = 0; i < places.length(); i++) {
      Delivery there = places.get(i);
      if (there != null) {
        each.accept(there);
      }
    }
  }

  /** Takes all that are open, in the order in which they were sent. */
  List<Delivery> drain() {
    List<Delivery> left = new ArrayList<>();
    for (int i = 0; i < places.length(); i++) {
      Delivery there = places.getAndSet(i, null);
      if (there != null && !there.isSettled()) {
        left.add(there);
      }
    }
    left.sort(Comparator.comparingLong(delivery -> delivery.sequence));
    return left;
  }
}
