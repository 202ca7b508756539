package dev.carillon.hub.pipeline;

import dev.carillon.hub.pipeline.KafkaOperationSource.Positions;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that the group gives to a reader, each of which is read on from where the store
 * says that it is written, and not before that is known. Used by the reader's thread, but for
 * {@link #partition} and {@link #stored(String, long)}.
 */
final class Placement implements ConsumerRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(Placement.class);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Consumer<?, ?> consumer;
  private final Supplier<@Nullable Uuid> topicId;
  private final Positions positions;

  /** What the parts of the topic are called as sources. */
  private final Map<String, TopicPartition> sources = new ConcurrentHashMap<>();

  /** Partitions that came and are not read before it is known from where. */
  private final Set<TopicPartition> arrived = new HashSet<>();

  /** Whether the group has given what there is to give, which may be nothing. */
  private boolean joined;

  /** What each partition that is read is called now; a topic made anew is another source. */
  private final Map<TopicPartition, String> reading = new HashMap<>();

  /** The id of the topic that they are read as. */
  private @Nullable Uuid readAs;

  /** Up to where each source was handed out already; the writer has it and keeps at it. */
  private final Map<String, Long> handedOut = new HashMap<>();

  /** Up to where each source is stored, as far as this process knows. */
  private final Map<String, Long> stored = new ConcurrentHashMap<>();

  /** Whether the store could not tell positions the last time, and when to ask it again. */
  private boolean untold;

  private long askAt = System.nanoTime();

  Placement(Consumer<?, ?> consumer, Supplier<@Nullable Uuid> topicId, Positions positions) {
    this.consumer = consumer;
    this.topicId = topicId;
    this.positions = positions;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    consumer.pause(partitions);
    arrived.addAll(partitions);
    joined = true;
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    arrived.removeAll(partitions);
    reading.keySet().removeAll(partitions); // what was handed out is still written, harmlessly
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    onPartitionsRevoked(partitions);
    joined = false;
  }

  /**
   * Goes to where each new partition is stored up to, as soon as that can be asked; of a topic that
   * was made anew all partitions are new.
   */
  void place() {
    Uuid id = topicId.get();
    if (!Objects.equals(id, readAs)) {
      undo();
      readAs = id;
    }
    if (arrived.isEmpty() || id == null || System.nanoTime() - askAt < 0) {
      return;
    }
    try {
      for (TopicPartition partition : List.copyOf(arrived)) {
        String source = partition.topic() + "/" + id + "/" + partition.partition();
        stored(source, positions.of(source));
        long next = Math.max(stored(source), handedOut.getOrDefault(source, 0L));
        warnOfLoss(partition, next);
        consumer.seek(partition, next);
        sources.put(source, partition);
        reading.put(partition, source);
        arrived.remove(partition);
        log.info("reading {} from offset {}", partition, next);
      }
      untold = false;
    } catch (IOException e) {
      if (!untold) {
        log.warn("it is not known from where to read, trying again: {}", e.getMessage());
      }
      untold = true;
      askAt = System.nanoTime() + PAUSE_NANOS;
    }
  }

  /** Kafka forgets by its own clock, whether a writer has read or not. */
  private void warnOfLoss(TopicPartition partition, long next) {
    try {
      long first = consumer.beginningOffsets(List.of(partition), LOOK).getOrDefault(partition, 0L);
      if (next > 0 && first > next) {
        log.error(
            "Kafka has dropped {} messages of {} that were not read", first - next, partition);
      }
    } catch (TimeoutException e) {
      log.debug("where {} begins is not known", partition, e);
    }
  }

  /** Has all partitions placed again, from behind what was handed out. */
  void undo() {
    arrived.addAll(reading.keySet());
    consumer.pause(reading.keySet());
    reading.clear();
  }

  /** Whether all partitions that the group gave can be read. */
  boolean isComplete() {
    return joined && arrived.isEmpty();
  }

  /** The partitions that can be read, and what each is called as a source. */
  Map<TopicPartition, String> placed() {
    return Collections.unmodifiableMap(reading);
  }

  /** What a partition that can be read is called as a source; null if it cannot. */
  @Nullable String source(TopicPartition partition) {
    return reading.get(partition);
  }

  /** The partition that a source is; null if there is none. Thread-safe. */
  @Nullable TopicPartition partition(String source) {
    return sources.get(source);
  }

  /** Notes that the writer has what a source has up to a position. */
  void handedOut(String source, long position) {
    handedOut.put(source, position);
  }

  /** Notes that what a source has up to a position is stored. Thread-safe. */
  void stored(String source, long position) {
    stored.merge(source, position, Math::max);
  }

  /** Up to where a source is stored, as far as this process knows. */
  long stored(String source) {
    return stored.getOrDefault(source, 0L);
  }
}
