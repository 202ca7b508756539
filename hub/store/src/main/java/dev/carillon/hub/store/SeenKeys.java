package dev.carillon.hub.store;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells in little memory which events are certainly not in the log yet, so that only the others
 * need be looked up: Bloom filters, each twice as large as the one before, at 38 bits an event and
 * one false alarm in a hundred million. Once they take an eighth of the heap, no filter is added
 * and false alarms become more. Not thread-safe.
 */
final class SeenKeys {

  private static final HashFunction FARM = Hashing.farmHashFingerprint64();
  private static final double FALSE_ALARMS = 1e-8;
  private static final int BITS = 38;
  private static final int FIRST_CAPACITY = 1 << 20;
  private static final long MAX_CAPACITY = Runtime.getRuntime().maxMemory() / 8 * 8 / BITS;

  private final List<BloomFilter<Long>> filters = new ArrayList<>();
  private long capacity; // of all filters
  private long room; // in the newest

  /** What an event is looked up by: a hash of its id. */
  static long keyOf(String id) {
    return FARM.hashUnencodedChars(id).asLong();
  }

  boolean mightContain(long key) {
    for (BloomFilter<Long> filter : filters) {
      if (filter.mightContain(key)) {
        return true;
      }
    }
    return false;
  }

  void add(long key) {
    if (room == 0) {
      grow();
    }
    filters.get(filters.size() - 1).put(key);
    room--;
  }

  private void grow() {
    long next = Math.min(capacity + FIRST_CAPACITY, MAX_CAPACITY - capacity);
    if (!filters.isEmpty() && next < capacity / 2) {
      room = Long.MAX_VALUE; // there is none, but the newest filter is large
      return;
    }
    filters.add(BloomFilter.create(Funnels.longFunnel(), next, FALSE_ALARMS));
    capacity += next;
    room = next;
  }
}
