package dev.carillon.hub.eventgrid;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's deliveries of one kind by their position: those to be tried again, or dead
 * letters. Both kinds are parts of one map, which a commit takes as it is at one moment; it takes
 * several maps one after the other. So what moves is put before it is removed, and is never missing
 * from what is durable. Used on one event loop, but for commits.
 */
final class Deliveries {

  /** Above all positions. */
  private static final long SPAN = 1L << 61;

  private static final int PAGE_LENGTH = 4 << 20;

  private final MVMap<Long, String> map;
  private final long first;

  private Deliveries(MVMap<Long, String> map, long first) {
    this.map = map;
    this.first = first;
  }

  /** Those of a map that are to be tried again. */
  static Deliveries pending(MVMap<Long, String> map) {
    return new Deliveries(map, 0);
  }

  /** The dead letters of a map. */
  static Deliveries dead(MVMap<Long, String> map) {
    return new Deliveries(map, SPAN);
  }

  @Nullable Delivery get(long position) {
    String json = map.get(first + position);
    return json == null ? null : SubscriptionStore.read(json, Delivery.class);
  }

  void put(Delivery delivery) {
    put(delivery.position(), SubscriptionStore.write(delivery));
  }

  void put(long position, String json) {
    map.put(first + position, json);
  }

  void remove(long position) {
    map.remove(first + position);
  }

  /** Removes some of those up to a position; returns how many. */
  int removeSome(long last, int limit) {
    int removed = 0;
    Iterator<Long> keys = map.keyIterator(first);
    while (removed < limit && keys.hasNext()) {
      long key = keys.next();
      if (key - first > last) {
        break;
      }
      map.remove(key);
      removed++;
    }
    return removed;
  }

  /** How many there are; while others change them, about so many. Thread-safe. */
  int size() {
    return (int) Math.max(0, countBelow(first + SPAN) - countBelow(first));
  }

  private long countBelow(long key) {
    long index = map.getKeyIndex(key);
    return index < 0 ? -index - 1 : index;
  }

  /** The last position; -1 if there is none. */
  long last() {
    Long key = map.lowerKey(first + SPAN);
    return key == null || key < first ? -1 : key - first;
  }

  /**
   * Those above a position, in order: some megabytes at most, so there may be more where the limit
   * was not reached; one at least where there is one.
   */
  List<Delivery> page(long after, int limit) {
    List<Delivery> page = new ArrayList<>();
    Iterator<Long> keys = map.keyIterator(first + Math.min(after, SPAN - 1) + 1);
    for (long length = 0; keys.hasNext() && page.size() < limit && length < PAGE_LENGTH; ) {
      long key = keys.next();
      if (key - first >= SPAN) {
        break;
      }
      String json = map.get(key);
      if (json != null) {
        page.add(SubscriptionStore.read(json, Delivery.class));
        length += json.length();
      }
    }
    return page;
  }
}
