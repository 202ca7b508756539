package dev.carillon.rabbitmq;

import dev.carillon.amqp.AmqpMessage;
import dev.carillon.core.EventException;
import dev.carillon.core.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One event on its way to the broker: settled once, by whoever comes first. */
final class Delivery {

  final String eventId;
  final String routingKey;
  final AmqpMessage message;
  final long deadline;

  /** Whether nobody hangs work on the result, so that any thread may complete it. */
  final boolean awaited;

  private final CompletableFuture<Receipt> result = new CompletableFuture<>();
  private final AtomicBoolean settled = new AtomicBoolean();
  private volatile boolean sent;
  private volatile @Nullable EventException returned;
  private @Nullable EventException failure;

  /** Written by the channel's own thread before the delivery can be seen by others. */
  long sequence;

  long sentAt;
  int attempts;

  Delivery(String eventId, String routingKey, AmqpMessage message, long deadline, boolean awaited) {
    this.eventId = eventId;
    this.routingKey = routingKey;
    this.message = message;
    this.deadline = deadline;
    this.awaited = awaited;
  }

  CompletableFuture<Receipt> result() {
    return result;
  }

  int size() {
    return message.body().length;
  }

  boolean isSettled() {
    return settled.get();
  }

  /** Takes the right to settle; true for the first only. */
  boolean claim(@Nullable EventException why) {
    if (settled.compareAndSet(false, true)) {
      failure = why;
      return true;
    }
    return false;
  }

  /** What it was claimed with; null for success. Only for whoever claimed it. */
  @Nullable EventException failure() {
    return failure;
  }

  void markSent() {
    sent = true;
    attempts++;
    sentAt = System.nanoTime();
  }

  boolean wasSent() {
    return sent;
  }

  long nanosLeft() {
    return deadline - System.nanoTime();
  }

  /** The broker gave it back: the confirm that follows is no success. */
  void markReturned(EventException why) {
    returned = why;
  }

  @Nullable EventException returned() {
    return returned;
  }
}
