package dev.carillon.rabbitmq;

import com.rabbitmq.client.Envelope;
import dev.carillon.amqp.AmqpMessage;
import java.time.Duration;

/** A message that a consumer holds, unacknowledged; may have failed before. */
final class Received implements Comparable<Received> {

  final Envelope envelope;
  final AmqpMessage message;

  /** How often its handler was called. */
  int attempts;

  /** When to hand it over again. */
  private long due;

  Received(Envelope envelope, AmqpMessage message) {
    this.envelope = envelope;
    this.message = message;
  }

  void retryAfter(Duration delay) {
    due = System.nanoTime() + delay.toNanos();
  }

  /** In nanoseconds; zero or less when it is due. */
  long nanosUntilDue() {
    return due - System.nanoTime();
  }

  @Override
  public int compareTo(Received other) {
    return Long.compare(due - other.due, 0);
  }
}
