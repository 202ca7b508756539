package dev.carillon.hub.store;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells in little memory which events are certainly not in the log yet, so that only the others
 * need be looked up: Bloom filters, each twice as large as the one before, at 24 bits an event and
 * one false alarm in a hundred thousand. Not thread-safe.
 */
final class SeenKeys {

  private static final HashFunction FARM = Hashing.farmHashFingerprint64();
  private static final int FIRST_CAPACITY = 1 << 16;
  private static final double FALSE_ALARMS = 1e-5;

  private final List<BloomFilter<Long>> filters = new ArrayList<>();
  private long capacity;
  private long room;

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
      capacity = filters.isEmpty() ? FIRST_CAPACITY : capacity * 2;
      room = capacity;
      filters.add(BloomFilter.create(Funnels.longFunnel(), capacity, FALSE_ALARMS));
    }
    filters.get(filters.size() - 1).put(key);
    room--;
  }
}
