package dev.carillon.hub.store;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells in little memory which events are certainly not stored yet, so that only the others need be
 * looked up: Bloom filters, each twice as large as the one before, at 38 bits an event and one
 * false alarm in ten million. Each takes half of what it has room for, which leaves many bits
 * clear: of as many bits, half need be looked at for hardly more false alarms, and each that is
 * looked at is a place far off in memory. When they take a sixteenth of the heap, a last one takes
 * all further events, and false alarms become more. A hub has four of these, what was there before
 * and what came since of either log, which together take a quarter. Not thread-safe.
 */
final class SeenKeys {

  private static final HashFunction FARM = Hashing.farmHashFingerprint64();
  private static final double FALSE_ALARMS = 1e-4; // of a filter that is full
  private static final int BITS = 19; // which that takes for each key
  private static final int SPARE = 2;
  private static final int FIRST_CAPACITY = 1 << 20;
  private static final long MAX_ROOM = Runtime.getRuntime().maxMemory() / 2 / BITS; // a 16th

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
    long next = capacity + FIRST_CAPACITY;
    boolean last = (capacity + 2 * next) * SPARE > MAX_ROOM; // for it must not be tiny
    long size = last ? MAX_ROOM - capacity * SPARE : next * SPARE;
    filters.add(BloomFilter.create(Funnels.longFunnel(), size, FALSE_ALARMS));
    capacity += next;
    room = last ? Long.MAX_VALUE : next;
  }
}
