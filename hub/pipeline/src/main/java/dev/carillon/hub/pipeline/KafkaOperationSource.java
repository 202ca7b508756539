package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.DeadLetters;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.OperationSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of a Kafka topic, for one writer of a group. A partition that it is given is read
 * on from where the store says that it is written, so nothing depends on Kafka's own offsets, which
 * are committed after the insert for those who watch. A partition is a source of its own, named by
 * the topic's id; an operation's position is its offset plus one.
 *
 * <p>A message that is no operation goes to the dead letter topic, with its reason, topic,
 * partition and offset as headers, and the rest goes on; so does an operation that the store does
 * not take.
 *
 * <p>For one writer's thread, but for {@link #wakeUp} and {@link #close}.
 */
final class KafkaOperationSource implements OperationSource, DeadLetters, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KafkaOperationSource.class);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  /** Tells up to where sources are stored. */
  public interface Positions {
    /** The last position of a source that is stored; 0 when there is none. */
    long of(String source) throws IOException;
  }

  private final Kafka kafka;
  private final Positions positions;
  private final KafkaConsumer<String, byte[]> consumer;
  private final DeadLetterTopic deadLetters;
  private final LongAdder poisoned = new LongAdder();

  /** Partitions that came and are not read before it is known from where. */
  private final Set<TopicPartition> arrived = new HashSet<>();

  /** What the parts of the topic are called as sources. */
  private final Map<String, TopicPartition> sources = new HashMap<>();

  /** What each partition that is read is called now; a topic made anew is another source. */
  private final Map<TopicPartition, String> reading = new HashMap<>();

  /** Up to where each source was handed out already; the writer has it and keeps at it. */
  private final Map<String, Long> handedOut = new HashMap<>();

  private boolean subscribed;
  private boolean left;
  private volatile boolean closed;

  KafkaOperationSource(Kafka kafka, Positions positions) {
    this.kafka = kafka;
    this.positions = positions;
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
                        Map.entry("max.poll.records", 10_000),
                        Map.entry("max.poll.interval.ms", 300_000),
                        Map.entry("fetch.max.bytes", 16 << 20),
                        Map.entry("fetch.max.wait.ms", 100),
                        Map.entry("max.partition.fetch.bytes", 8 << 20),
                        Map.entry("isolation.level", "read_committed"))),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    this.deadLetters = new DeadLetterTopic(kafka.settings());
  }

  @Override
  public synchronized List<Batch> poll(Duration atMost) throws InterruptedException {
    if (left) {
      return List.of();
    }
    try {
      if (!subscribed) {
        consumer.subscribe(List.of(kafka.settings().topic()), new Assignment());
        subscribed = true;
      }
      place();
      return batches(consumer.poll(atMost));
    } catch (WakeupException e) {
      return List.of();
    } catch (InterruptException e) {
      throw new InterruptedException("interrupted while polling Kafka");
    } catch (KafkaException e) {
      log.warn("reading from Kafka failed, trying again: {}", e.toString());
      LockSupport.parkNanos(PAUSE_NANOS);
      return List.of();
    }
  }

  /** Notes what the group gives and takes; what came is not read before it is placed. */
  private final class Assignment implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.pause(partitions);
      arrived.addAll(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(
          arrived::remove); // what was handed out of them is still written, harmlessly
    }
  }

  /** Goes to where each new partition is stored up to, as soon as that can be asked. */
  private void place() {
    Uuid topicId = kafka.topicId();
    if (arrived.isEmpty() || topicId == null) {
      return;
    }
    try {
      for (TopicPartition partition : List.copyOf(arrived)) {
        String source = partition.topic() + "/" + topicId + "/" + partition.partition();
        long next = Math.max(positions.of(source), handedOut.getOrDefault(source, 0L));
        warnOfLoss(partition, next);
        consumer.seek(partition, next);
        consumer.resume(List.of(partition));
        sources.put(source, partition);
        reading.put(partition, source);
        arrived.remove(partition);
        log.info("reading {} from offset {}", partition, next);
      }
    } catch (IOException e) {
      log.warn("it is not known from where to read, trying again: {}", e.getMessage());
    }
  }

  /** Kafka forgets by its own clock, whether a writer has read or not. */
  private void warnOfLoss(TopicPartition partition, long next) {
    long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    if (next > 0 && first > next) {
      log.error("Kafka has dropped {} messages of {} that were not read", first - next, partition);
    }
  }

  private List<Batch> batches(ConsumerRecords<String, byte[]> messages)
      throws InterruptedException {
    List<Batch> batches = new ArrayList<>();
    for (TopicPartition partition : messages.partitions()) {
      String source = reading.get(partition);
      if (source != null) {
        Batch batch = batch(source, messages.records(partition));
        handedOut.put(batch.source(), batch.last());
        batches.add(batch);
      }
    }
    return batches;
  }

  private Batch batch(String source, List<ConsumerRecord<String, byte[]>> messages)
      throws InterruptedException {
    List<Batch.Placed> operations = new ArrayList<>(messages.size());
    long last = 0;
    for (ConsumerRecord<String, byte[]> message : messages) {
      last = message.offset() + 1;
      try {
        operations.add(new Batch.Placed(last, operation(message)));
      } catch (IllegalArgumentException e) {
        poisoned.increment();
        deadLetters.keepTrying(message, String.valueOf(e.getMessage()), () -> closed);
      }
    }
    return new Batch(source, operations, last);
  }

  private static Operation operation(ConsumerRecord<String, byte[]> message) {
    if (message.value() == null) {
      throw new IllegalArgumentException("not an operation: the message has no value");
    }
    Operation operation = Operation.of(message.value());
    if (!operation.eventId().toString().equalsIgnoreCase(message.key())) {
      // In another partition than the event's others, it would have no order among them.
      throw new IllegalArgumentException("not an operation: the key is not its event_id");
    }
    return operation;
  }

  @Override
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public boolean isWaitedFor() {
    return false;
  }

  @Override
  public synchronized void stored(Batch batch) {
    TopicPartition partition = sources.get(batch.source());
    if (partition != null && !left && consumer.assignment().contains(partition)) {
      consumer.commitAsync(
          Map.of(partition, new OffsetAndMetadata(batch.last())),
          (offsets, failure) -> {
            if (failure != null) {
              log.debug("an offset was not committed", failure);
            }
          });
    }
  }

  @Override
  public void notStored(@Nullable Exception reason) {
    // Nobody waits; what was handed out stays with the writer.
  }

  @Override
  public synchronized void add(String source, Batch.Placed operation, String reason)
      throws IOException {
    TopicPartition partition = sources.get(source);
    if (partition == null) {
      throw new IOException("no partition is known as " + source);
    }
    deadLetters.send(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            operation.position() - 1,
            operation.operation().eventId().toString(),
            operation.operation().toJson()),
        reason);
  }

  /** How many messages were no operations. */
  public long poisoned() {
    return poisoned.sum();
  }

  /** Leaves the group, as soon as the writer lets go; calling it again does nothing. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    leave();
  }

  private synchronized void leave() {
    if (!left) {
      left = true;
      try {
        consumer.close(CloseOptions.timeout(CLOSE));
      } catch (KafkaException e) {
        log.debug("leaving the group", e);
      }
      deadLetters.close();
    }
  }
}
