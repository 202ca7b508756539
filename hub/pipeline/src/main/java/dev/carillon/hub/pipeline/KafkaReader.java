package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.OperationParser;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic's operations ahead of the writer, by a thread of its own: what comes next is
 * fetched and parsed while the store takes what came before. While 24 MiB wait it stands still, and
 * stays in the group all the same; where nothing is taken for 5 minutes, it stops polling, so that
 * Kafka gives the partitions to a writer that can write. Thread-safe.
 */
final class KafkaReader implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KafkaReader.class);
  private static final long MAX_AHEAD = 24 << 20;
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration FULL_WAIT = Duration.ofMillis(10);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** After so long without a turn that ended well, it counts as unable to read. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** Operations that were read together, and how many bytes they took. */
  private record Read(List<Batch> batches, long bytes) {}

  private static final Read WAKE = new Read(List.of(), 0);

  private final Kafka kafka;
  private final DeadLetterTopic deadLetters;
  private final KafkaConsumer<String, ByteBuffer> consumer;
  private final Placement placement;
  private final Lag lag;
  private final Thread thread = new Thread(this::run, "carillon-kafka-reader");
  private final BlockingQueue<Read> queue = new LinkedBlockingQueue<>(); // bounded by its bytes
  private final AtomicLong ahead = new AtomicLong();
  private final LongAdder setAside = new LongAdder();
  private volatile long takenAt = System.nanoTime();
  private volatile long readAt = System.nanoTime();
  private volatile boolean closed;

  // Used by the reader's thread.
  private final Map<TopicPartition, Long> told = new HashMap<>(); // up to where each is stored

  KafkaReader(Kafka kafka, KafkaOperationSource.Positions positions, DeadLetterTopic deadLetters) {
    this.kafka = kafka;
    this.deadLetters = deadLetters;
    this.consumer =
        new KafkaConsumer<>(
            kafka
                .settings()
                .client(
                    Map.ofEntries(
                        Map.entry("client.id", "carillon-writer"),
                        Map.entry("group.id", kafka.settings().group()),
                        Map.entry("enable.auto.commit", false),
                        Map.entry(
                            "partition.assignment.strategy",
                            CooperativeStickyAssignor.class.getName()),
                        Map.entry("auto.offset.reset", "earliest"),
                        Map.entry("allow.auto.create.topics", false),
                        Map.entry("session.timeout.ms", 10_000),
                        Map.entry("heartbeat.interval.ms", 2_000),
                        // they may be of 1 MiB each, however well compressed they come
                        Map.entry("max.poll.records", 100),
                        Map.entry("max.poll.interval.ms", 300_000),
                        Map.entry("fetch.max.bytes", 16 << 20),
                        Map.entry("fetch.max.wait.ms", 100),
                        // little of each, so that the parts come side by side, and ids with them
                        Map.entry("max.partition.fetch.bytes", 256 << 10),
                        Map.entry("isolation.level", "read_committed"))),
            new StringDeserializer(),
            new ByteBufferDeserializer());
    this.placement = new Placement(consumer, kafka::topicId, positions);
    this.lag = new Lag(consumer, placement);
    thread.setUncaughtExceptionHandler((t, e) -> log.error("the Kafka reader's thread ended", e));
  }

  void start() {
    thread.start();
  }

  /** The next operations; none if none came in time, or it was woken up. */
  List<Batch> poll(Duration atMost) throws InterruptedException {
    if (!thread.isAlive() && !closed) {
      throw new IllegalStateException("nothing reads from Kafka any more");
    }
    Read read = queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    takenAt = System.nanoTime();
    if (read == null) {
      return List.of();
    }
    ahead.addAndGet(-read.bytes);
    return read.batches;
  }

  /** Ends a wait of {@link #poll}, or the next one. */
  void wakeUp() {
    queue.add(WAKE);
  }

  /** Whether it reads, or Kafka has nothing for it; not while it fails, or a dead letter does. */
  boolean isHealthy() {
    return thread.isAlive() && System.nanoTime() - readAt < STUCK_NANOS;
  }

  /** How many messages of the group's partitions that are given to this reader are not stored. */
  OptionalLong lag() {
    return lag.last();
  }

  /** How many messages were no operations. */
  long setAside() {
    return setAside.sum();
  }

  /** The partition that a source is; null if there is none. */
  @Nullable TopicPartition partition(String source) {
    return placement.partition(source);
  }

  /** Has Kafka told, soon, up to where a source is stored. */
  void stored(String source, long position) {
    placement.stored(source, position);
  }

  private void run() {
    try {
      consumer.subscribe(List.of(kafka.settings().topic()), placement);
      while (!closed) {
        read();
      }
      commit();
    } catch (InterruptedException e) {
      log.debug("the Kafka reader was interrupted", e);
    } finally {
      leave();
    }
  }

  private void read() throws InterruptedException {
    try {
      commit();
      placement.place();
      boolean full = ahead.get() >= MAX_AHEAD;
      if (full && System.nanoTime() - takenAt > PATIENCE_NANOS) {
        LockSupport.parkNanos(PAUSE_NANOS);
        readAt = System.nanoTime(); // it is the store that is stuck
        return;
      }
      if (full) {
        consumer.pause(consumer.assignment());
      } else {
        consumer.resume(placement.placed().keySet());
      }
      lag.measure();
      handOut(consumer.poll(full ? FULL_WAIT : WAIT));
      readAt = System.nanoTime();
    } catch (WakeupException e) {
      log.debug("woken up to end");
    } catch (InterruptException e) {
      throw new InterruptedException("interrupted while polling Kafka");
    } catch (RuntimeException e) {
      log.warn("reading from Kafka failed, trying again: {}", e.toString());
      placement.undo(); // what was polled and not handed out comes again
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void handOut(ConsumerRecords<String, ByteBuffer> messages) throws InterruptedException {
    List<Batch> batches = new ArrayList<>();
    long bytes = 0;
    try (OperationParser parser = new OperationParser()) {
      for (TopicPartition partition : messages.partitions()) {
        String source = placement.source(partition);
        if (source != null) {
          batches.add(batch(source, messages.records(partition), parser));
          for (ConsumerRecord<String, ByteBuffer> message : messages.records(partition)) {
            bytes += Math.max(0, message.serializedValueSize());
          }
        }
      }
    }
    if (!batches.isEmpty()) {
      ahead.addAndGet(bytes);
      queue.add(new Read(batches, bytes));
      batches.forEach(batch -> placement.handedOut(batch.source(), batch.last()));
    }
  }

  private Batch batch(
      String source, List<ConsumerRecord<String, ByteBuffer>> messages, OperationParser parser)
      throws InterruptedException {
    List<Batch.Placed> operations = new ArrayList<>(messages.size());
    long last = 0;
    for (ConsumerRecord<String, ByteBuffer> message : messages) {
      last = message.offset() + 1;
      try {
        operations.add(new Batch.Placed(last, operation(message, parser)));
      } catch (RuntimeException e) { // whatever it is: it would be the same each time
        deadLetters.keepTrying(message, String.valueOf(e.getMessage()), () -> closed);
        setAside.increment();
      }
    }
    return new Batch(source, operations, last);
  }

  private static Operation operation(
      ConsumerRecord<String, ByteBuffer> message, OperationParser parser) {
    if (message.value() == null) {
      throw new IllegalArgumentException("not an operation: the message has no value");
    }
    Operation operation = parser.read(message.value());
    if (!operation.eventId().toString().equalsIgnoreCase(message.key())) {
      // In another partition than the event's others, it would have no order among them.
      throw new IllegalArgumentException("not an operation: the key is not its event_id");
    }
    if (operation.at().isBefore(Instant.EPOCH) || operation.at().isAfter(LATEST)) {
      throw new IllegalArgumentException("not an operation: its timestamp is not of this age");
    }
    return operation;
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    placement
        .placed()
        .forEach(
            (partition, source) -> {
              Long position = placement.stored(source);
              if (position > 0 && !position.equals(told.put(partition, position))) {
                offsets.put(partition, new OffsetAndMetadata(position));
              }
            });
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (committed, failure) -> {
            if (failure != null) {
              log.debug("offsets were not committed", failure);
              told.keySet().removeAll(committed.keySet());
            }
          });
    }
  }

  private void leave() {
    try {
      consumer.close(CloseOptions.timeout(CLOSE));
    } catch (KafkaException e) {
      log.debug("leaving the group", e);
    }
  }

  /** Leaves the group; calling it again does nothing. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    queue.clear();
    wakeUp();
    try {
      thread.join(2 * CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
