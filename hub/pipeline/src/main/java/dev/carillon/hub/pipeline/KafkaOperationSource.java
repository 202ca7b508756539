package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.DeadLetters;
import dev.carillon.hub.store.OperationSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a Kafka topic, for one writer of a group. A partition that it is given is read
 * on from where the store says that it is written, so nothing depends on Kafka's own offsets, which
 * are committed after the insert for those who watch. A partition is a source of its own, named by
 * the topic's id; an operation's position is its offset plus one.
 *
 * <p>A message that is no operation goes to the dead letter topic, with its reason, topic,
 * partition and offset as headers, and the rest goes on; so does an operation that the store does
 * not take. Thread-safe.
 */
final class KafkaOperationSource implements OperationSource, DeadLetters, AutoCloseable {

  /** Tells up to where sources are stored. Thread-safe. */
  interface Positions {
    /** The last position of a source that is stored; 0 when there is none. */
    long of(String source) throws IOException;
  }

  private final DeadLetterTopic deadLetters;
  private final KafkaReader reader;

  KafkaOperationSource(Kafka kafka, Positions positions) {
    this.deadLetters = new DeadLetterTopic(kafka.settings());
    this.reader = new KafkaReader(kafka, positions, deadLetters);
  }

  /** Begins to read. */
  KafkaOperationSource start() {
    reader.start();
    return this;
  }

  @Override
  public List<Batch> poll(Duration atMost) throws InterruptedException {
    return reader.poll(atMost);
  }

  @Override
  public void wakeUp() {
    reader.wakeUp();
  }

  @Override
  public boolean isHealthy() {
    return reader.isHealthy();
  }

  @Override
  public OptionalLong lag() {
    return reader.lag();
  }

  @Override
  public long setAside() {
    return reader.setAside();
  }

  @Override
  public boolean isWaitedFor() {
    return false;
  }

  @Override
  public void stored(Batch batch) {
    reader.stored(batch.source(), batch.last());
  }

  @Override
  public void notStored(@Nullable Exception reason) {
    // Nobody waits; what was handed out stays with the writer.
  }

  @Override
  public void add(String source, Batch.Placed operation, String reason) throws IOException {
    TopicPartition partition = reader.partition(source);
    if (partition == null) {
      throw new IOException("no partition is known as " + source);
    }
    deadLetters.send(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            operation.position() - 1,
            operation.operation().eventId().toString(),
            ByteBuffer.wrap(operation.operation().toJson())),
        reason);
  }

  /** Leaves the group; calling it again does nothing. */
  @Override
  public void close() {
    reader.close();
    deadLetters.close();
  }
}
