package dev.carillon.analytics;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Makes ids that sort as they were made: UUIDs of version 7 (RFC 9562, section 6.2, method 1). Time
 * and counter are one number, so that a counter which is exhausted carries over into the
 * milliseconds, and a clock that is put back stands still. Thread-safe.
 */
final class OrderedIds {

  private static final int COUNTER_BITS = 12;
  private static final long COUNTER = (1 << COUNTER_BITS) - 1;
  private static final long VERSION = 7L << COUNTER_BITS;

  private final LongSupplier millis;
  private final AtomicLong last = new AtomicLong();

  /**
   * Creates one.
   *
   * @param millis the time in milliseconds since 1970
   */
  OrderedIds(LongSupplier millis) {
    this.millis = millis;
  }

  UUID next() {
    long now = millis.getAsLong() << COUNTER_BITS;
    long next = last.accumulateAndGet(now, (before, time) -> Math.max(before + 1, time));
    long high = (next & ~COUNTER) << 4 | VERSION | (next & COUNTER);
    return new UUID(high, UUID.randomUUID().getLeastSignificantBits()); // the variant, 62 at random
  }
}
