package dev.carillon.hub.pipeline;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka that operations go through, which need not be there yet: makes the topics where they
 * are missing, and knows from looking every second whether it is there. Thread-safe.
 */
public final class Kafka implements AutoCloseable {

  private static final int SECONDS = 3;

  private final KafkaSettings settings;
  private final Admin admin;
  private final Watch watch;
  private volatile @Nullable Uuid topicId;

  /** Creates it without a connection. */
  public Kafka(KafkaSettings settings) {
    this.settings = settings;
    this.admin =
        Admin.create(
            settings.client(
                Map.of(
                    "client.id", "carillon-watch",
                    "request.timeout.ms", SECONDS * 1000,
                    "default.api.timeout.ms", SECONDS * 1000)));
    this.watch = new Watch("Kafka at " + settings.brokers(), this::look);
  }

  /** Begins to look. */
  public void start() {
    watch.start();
  }

  /** A log that appends to the topic; whoever opens it closes it. */
  public KafkaOperationLog log() {
    return new KafkaOperationLog(this).start();
  }

  /**
   * A source that reads the topic as one of the group of all writers; whoever opens it closes it.
   *
   * @param positions tells up to where the parts of the topic are stored, to go on from there
   */
  KafkaOperationSource source(KafkaOperationSource.Positions positions) {
    return new KafkaOperationSource(this, positions).start();
  }

  KafkaSettings settings() {
    return settings;
  }

  /** The topic's own id, which another topic of the same name does not have; null if not known. */
  @Nullable Uuid topicId() {
    return topicId;
  }

  /** Whether it was there at the last look. */
  public boolean isReady() {
    return watch.isWell();
  }

  /** Whether it was not there at the last look. */
  boolean isAway() {
    return watch.isAway();
  }

  private void look() throws Exception {
    try {
      List<String> topics = List.of(settings.topic(), settings.deadLetterTopic());
      for (TopicDescription found :
          admin
              .describeTopics(topics)
              .allTopicNames()
              .get(2 * SECONDS, TimeUnit.SECONDS)
              .values()) {
        if (found.name().equals(settings.topic())) {
          topicId = found.topicId();
        }
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw new IOException(Distributed.reason(e), e);
      }
      topicId = null; // what is made now has another
      create(settings.topic());
      create(settings.deadLetterTopic());
      throw new IOException("its topics are being made", e);
    }
  }

  /** Makes a topic with as many partitions and replicas as the brokers' settings say. */
  private void create(String name) throws InterruptedException, TimeoutException, IOException {
    NewTopic topic =
        new NewTopic(name, Optional.empty(), Optional.empty())
            .configs(
                Map.of("max.message.bytes", Integer.toString(KafkaSettings.MAX_MESSAGE_BYTES)));
    try {
      admin.createTopics(List.of(topic)).all().get(2 * SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IOException("topic " + name + " cannot be made: " + Distributed.reason(e), e);
      }
    }
  }

  @Override
  public void close() {
    watch.close();
    admin.close(Duration.ofSeconds(1));
  }
}
