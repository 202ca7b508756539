package dev.carillon.hub.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.SparingLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The topic of messages that cannot be processed: each as it came, but for keys of more than 1,000
 * characters, which are no event's, and behind its own headers {@code reason}, {@code
 * source-topic}, {@code source-partition} and {@code source-offset}. Its producer is made with the
 * first of them. Thread-safe.
 */
final class DeadLetterTopic implements AutoCloseable {

  private static final SparingLog log =
      new SparingLog(LoggerFactory.getLogger(DeadLetterTopic.class));
  private static final int MAX_REASON = 500;
  private static final int MAX_KEY = 1_000;
  private static final int SECONDS = 10;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final KafkaSettings settings;
  private @Nullable KafkaProducer<String, byte[]> producer;

  DeadLetterTopic(KafkaSettings settings) {
    this.settings = settings;
  }

  /** Sends a message until Kafka has it, or the caller ends; then it comes again. */
  void keepTrying(ConsumerRecord<String, ByteBuffer> message, String reason, BooleanSupplier ended)
      throws InterruptedException {
    while (true) {
      try {
        send(message, reason);
        return;
      } catch (IOException e) {
        log.warn("a dead letter is kept back: " + e.getMessage());
        if (ended.getAsBoolean()) {
          throw new InterruptedException("ended with a dead letter that was not sent");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Sends a message, and waits until Kafka has it. */
  void send(ConsumerRecord<String, ByteBuffer> message, String reason) throws IOException {
    try {
      send(letter(message, bytes(message.value()), message.headers(), reason));
    } catch (RecordTooLargeException e) { // then at least that there was one, and where it is
      ProducerRecord<String, byte[]> rest = letter(message, null, List.of(), reason);
      rest.headers().add("source-size", text(message.serializedValueSize()));
      try {
        send(rest);
      } catch (RecordTooLargeException none) {
        throw new IOException("the dead letter topic takes not even a reason", none);
      }
    }
    log.warn(
        "%s-%d offset %d is set aside: %s"
            .formatted(message.topic(), message.partition(), message.offset(), reason));
  }

  private ProducerRecord<String, byte[]> letter(
      ConsumerRecord<String, ByteBuffer> message,
      byte @Nullable [] value,
      Iterable<Header> headers,
      String reason) {
    String key = message.key() != null && message.key().length() > MAX_KEY ? null : message.key();
    ProducerRecord<String, byte[]> letter =
        new ProducerRecord<>(settings.deadLetterTopic(), null, key, value, headers);
    letter
        .headers()
        .add("reason", reason.substring(0, Math.min(reason.length(), MAX_REASON)).getBytes(UTF_8))
        .add("source-topic", message.topic().getBytes(UTF_8))
        .add("source-partition", text(message.partition()))
        .add("source-offset", text(message.offset()));
    return letter;
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer value) {
    if (value == null) {
      return null;
    }
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return bytes;
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }

  private void send(ProducerRecord<String, byte[]> letter) throws IOException {
    try {
      producer().send(letter).get(2 * SECONDS, TimeUnit.SECONDS);
    } catch (RecordTooLargeException e) {
      throw e;
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      if (e.getCause() instanceof RecordTooLargeException tooLarge) {
        throw tooLarge;
      }
      throw new IOException("the dead letter topic did not take it: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending a dead letter", e);
    }
  }

  private synchronized KafkaProducer<String, byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              settings.client(
                  Map.of(
                      "client.id", "carillon-dead-letters",
                      "acks", "all",
                      "compression.type", "lz4",
                      "max.request.size", 2 * KafkaSettings.MAX_MESSAGE_BYTES,
                      "max.block.ms", SECONDS * 1000,
                      "request.timeout.ms", SECONDS * 500,
                      "delivery.timeout.ms", SECONDS * 1000)),
              new StringSerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(1));
    }
  }
}
