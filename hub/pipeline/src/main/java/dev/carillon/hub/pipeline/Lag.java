package dev.carillon.hub.pipeline;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many messages of the group's partitions that are given to a reader are not stored. Measured
 * by the reader's thread.
 */
final class Lag {

  private static final Logger log = LoggerFactory.getLogger(Lag.class);
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So long a measured lag counts; beyond it, the reader is held up, or gone. */
  private static final long COUNTS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Consumer<?, ?> consumer;
  private final Placement placement;
  private volatile OptionalLong measured = OptionalLong.empty();
  private volatile long measuredAt = System.nanoTime() - PAUSE_NANOS;

  Lag(Consumer<?, ?> consumer, Placement placement) {
    this.consumer = consumer;
    this.placement = placement;
  }

  /** What was measured last; empty if it is not known. Thread-safe. */
  OptionalLong last() {
    return System.nanoTime() - measuredAt < COUNTS_NANOS ? measured : OptionalLong.empty();
  }

  /** Measures it once a second, where all partitions that the group gave can be read. */
  void measure() {
    long now = System.nanoTime();
    if (now - measuredAt < PAUSE_NANOS) {
      return;
    }
    OptionalLong found = OptionalLong.empty();
    try {
      if (placement.isComplete()) {
        found = OptionalLong.of(notStored());
      }
    } catch (TimeoutException e) {
      log.debug("where the partitions end is not known", e);
    } finally { // what has failed is not tried again at once either
      measured = found;
      measuredAt = now;
    }
  }

  /** Asks Kafka, since what the consumer knows of ends is as old as what it fetched last. */
  private long notStored() {
    Map<TopicPartition, String> placed = placement.placed();
    Map<TopicPartition, Long> first = consumer.beginningOffsets(placed.keySet(), WAIT);
    Map<TopicPartition, Long> ends = consumer.endOffsets(placed.keySet(), WAIT);
    long lag = 0;
    for (Map.Entry<TopicPartition, String> each : placed.entrySet()) {
      TopicPartition partition = each.getKey();
      long stored = placement.stored(each.getValue());
      long next = Math.max(stored, first.getOrDefault(partition, 0L));
      lag += Math.max(0, ends.getOrDefault(partition, next) - next);
    }
    return lag;
  }
}
