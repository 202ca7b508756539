package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.LogFullException;
import dev.carillon.hub.store.LogUnavailableException;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.OperationLog;
import dev.carillon.hub.store.OperationsTooLargeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations as messages of a Kafka topic, durable once all replicas in sync have them ({@code
 * acks=all}, idempotent producer). The key is the event's id, so that a partition keeps the order
 * of each event's operations; a batch is one only in that it is acknowledged together. One that is
 * larger than the topic takes is refused alone. What was taken is not readable until a writer has
 * brought it into the store.
 *
 * <p>64 MiB may be under way, each for at most 20 seconds; beyond that, and while Kafka is away,
 * operations are refused at once.
 */
public final class KafkaOperationLog implements OperationLog {

  private static final Logger log = LoggerFactory.getLogger(KafkaOperationLog.class);
  private static final int MAX_BYTES = 64 << 20;
  private static final int OVERHEAD = 256;
  private static final long QUEUED_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int BLOCKED_MILLIS = 3_000;
  private static final int DELIVERY_MILLIS = 10_000;
  private static final Duration CLOSE = Duration.ofSeconds(4);
  private static final Group END = new Group(List.of(), List.of(), 0);

  private final Kafka kafka;
  private final KafkaProducer<String, byte[]> producer;
  private final Semaphore room = new Semaphore(MAX_BYTES);
  private final BlockingQueue<Group> queue = new LinkedBlockingQueue<>(); // bounded by the room
  private final Thread thread = new Thread(this::run, "carillon-kafka-sender");
  private final LongAdder appended = new LongAdder();
  private final LongAdder groups = new LongAdder();
  private final LongAdder groupNanos = new LongAdder();
  private final LongAdder pending = new LongAdder();
  private volatile boolean closed;

  /** Operations and their messages, which are acknowledged together. */
  private static final class Group {
    private final List<Operation> operations;
    private final List<ProducerRecord<String, byte[]>> messages;
    private final int bytes;
    private final long began = System.nanoTime();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicInteger left;
    private final Set<Operation> tooLarge = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Exception failure;

    private Group(
        List<Operation> operations, List<ProducerRecord<String, byte[]>> messages, int bytes) {
      this.operations = operations;
      this.messages = messages;
      this.bytes = bytes;
      this.left = new AtomicInteger(messages.size());
    }
  }

  KafkaOperationLog(Kafka kafka) {
    this.kafka = kafka;
    this.producer =
        new KafkaProducer<>(
            kafka
                .settings()
                .client(
                    Map.ofEntries(
                        Map.entry("client.id", "carillon-ingest"),
                        Map.entry("acks", "all"),
                        Map.entry("enable.idempotence", true),
                        Map.entry("compression.type", "lz4"),
                        Map.entry("linger.ms", 2),
                        Map.entry("batch.size", 256 << 10),
                        Map.entry("buffer.memory", (long) MAX_BYTES),
                        Map.entry("max.request.size", KafkaSettings.MAX_MESSAGE_BYTES),
                        Map.entry("max.block.ms", BLOCKED_MILLIS),
                        Map.entry("request.timeout.ms", DELIVERY_MILLIS / 2),
                        Map.entry("delivery.timeout.ms", DELIVERY_MILLIS))),
            new StringSerializer(),
            new ByteArraySerializer());
    thread.setUncaughtExceptionHandler((t, e) -> log.error("the Kafka sender's thread ended", e));
  }

  KafkaOperationLog start() {
    thread.start();
    return this;
  }

  @Override
  public CompletableFuture<Void> append(List<Operation> operations) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new LogUnavailableException("the operation log is closed", null));
    }
    if (kafka.isAway()) {
      return CompletableFuture.failedFuture(new LogUnavailableException("Kafka is away", null));
    }
    Group group = group(operations);
    if (!room.tryAcquire(group.bytes)) {
      return CompletableFuture.failedFuture(
          new LogFullException("too much is on its way to Kafka"));
    }
    pending.add(operations.size());
    queue.add(group);
    if (closed) {
      drain();
    }
    return group.done;
  }

  private Group group(List<Operation> operations) {
    List<ProducerRecord<String, byte[]>> messages = new ArrayList<>(operations.size());
    int bytes = 0;
    for (Operation operation : operations) {
      byte[] json = operation.toJson();
      String key = operation.eventId().toString();
      messages.add(new ProducerRecord<>(kafka.settings().topic(), key, json));
      bytes += json.length + OVERHEAD;
    }
    return new Group(operations, messages, Math.min(bytes, MAX_BYTES));
  }

  /** Hands groups to the producer, which may make a thread wait. */
  private void run() {
    try {
      Group group = queue.take();
      while (group != END) {
        send(group);
        group = queue.take();
      }
    } catch (InterruptedException e) {
      log.debug("the Kafka sender was interrupted", e);
    } finally {
      drain();
    }
  }

  private void send(Group group) {
    boolean late = System.nanoTime() - group.began > QUEUED_NANOS;
    for (int i = 0; i < group.messages.size(); i++) {
      Operation operation = group.operations.get(i);
      if (late || group.failure != null) {
        settle(group, operation, group.failure == null ? late() : group.failure);
      } else {
        try {
          Future<?> unused =
              producer.send(
                  group.messages.get(i), (place, failure) -> settle(group, operation, failure));
        } catch (RuntimeException e) {
          settle(group, operation, e);
        }
      }
    }
  }

  private static Exception late() {
    return new LogFullException("Kafka takes too long");
  }

  /** Counts one message of a group; the last one answers. */
  private void settle(Group group, Operation operation, @Nullable Exception failure) {
    if (failure instanceof RecordTooLargeException) { // the others go on
      group.tooLarge.add(operation);
    } else if (failure != null) {
      group.failure = failure;
    }
    if (group.left.decrementAndGet() > 0) {
      return;
    }
    room.release(group.bytes);
    pending.add(-group.messages.size());
    Exception reason = group.failure;
    if (reason == null) {
      appended.add(group.messages.size() - group.tooLarge.size());
      groups.increment();
      groupNanos.add(System.nanoTime() - group.began);
    }
    if (reason == null && group.tooLarge.isEmpty()) {
      group.done.complete(null);
    } else if (reason == null) {
      group.done.completeExceptionally(
          new OperationsTooLargeException("larger than the topic in Kafka takes", group.tooLarge));
    } else {
      group.done.completeExceptionally(
          reason instanceof LogFullException
              ? reason
              : new LogUnavailableException(
                  "Kafka did not take it: " + reason.getMessage(), reason));
    }
  }

  /** Fails what is left when nobody sends any more. */
  private void drain() {
    Exception reason = new LogUnavailableException("the operation log is closed", null);
    for (Group group = queue.poll(); group != null; group = queue.poll()) {
      if (group == END) {
        queue.add(END); // for the thread that sends
        return;
      }
      for (Operation operation : group.operations) {
        settle(group, operation, reason);
      }
    }
  }

  @Override
  public CompletableFuture<Void> readable() {
    return CompletableFuture.completedFuture(null); // the store is behind by what writers lag
  }

  @Override
  public boolean isReady() {
    return !closed && kafka.isReady() && thread.isAlive();
  }

  @Override
  public Stats stats() {
    return new Stats(
        appended.sum(),
        pending.sum(),
        MAX_BYTES - room.availablePermits(),
        groups.sum(),
        groupNanos.sum());
  }

  /** Takes no more, and waits up to 4 seconds for what is on its way. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    queue.add(END);
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE); // what is not confirmed by then fails
    thread.interrupt();
  }
}
