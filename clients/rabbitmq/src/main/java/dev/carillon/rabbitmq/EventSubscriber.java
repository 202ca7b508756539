package dev.carillon.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.carillon.amqp.AmqpLink;
import dev.carillon.amqp.Channels;
import dev.carillon.amqp.DeadLetters;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventSource;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Receives events from a topic exchange of RabbitMQ (AMQP 0-9-1), in any format that {@link
 * EventPublisher} writes.
 *
 * <p>With a named queue, events wait for the subscriber while it is away; without, each
 * subscription gets what is published while it is connected. A message is acknowledged after its
 * handler has returned. When a handler throws, the event is handed over again after a growing
 * delay; when it keeps throwing, throws an {@link EventException} that is not retryable, or the
 * message holds no event, the message goes to the queue's dead letters with the reason in its
 * headers ({@code x-carillon-reason, -error, -attempts, -failed-at, -queue, -exchange,
 * -routing-key, -user-id}), from where {@link #redrive} brings it back. The same event, by source
 * and id, is handled once, as far as the last ones handled are remembered: everything is at least
 * once on the wire.
 *
 * <p>It connects by itself, also to a broker that comes later, and again whenever the connection
 * falls. Thread-safe.
 */
public final class EventSubscriber implements EventSource {

  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(10);

  private final EventSubscriberConfig config;
  private final AmqpLink link;
  private final SubscriberCounters counters = new SubscriberCounters();
  private final List<RabbitSubscription> subscriptions = new ArrayList<>();
  private boolean closed;

  private EventSubscriber(EventSubscriberConfig config) {
    this.config = config;
    link = new AmqpLink(config.link());
  }

  /** A subscriber to what is published on an exchange from now on. */
  public static EventSubscriber of(String rabbitmqUrl, String exchangeName) {
    return of(
        EventSubscriberConfig.builder()
            .rabbitmqUrl(rabbitmqUrl)
            .exchangeName(exchangeName)
            .build());
  }

  /**
   * A subscriber of a configuration. Connects with its first subscription.
   *
   * @throws IllegalArgumentException if the URL is none; the message masks credentials
   */
  public static EventSubscriber of(EventSubscriberConfig config) {
    return new EventSubscriber(config);
  }

  /**
   * Starts handing matching events to a handler. Returns at once, with or without a broker; see
   * {@link #awaitConsuming}.
   *
   * @param filter which events; unless bindings are configured, also the queue is bound for no
   *     others
   * @param handler called for one event at a time, unless {@code concurrency} is above 1
   * @throws IllegalStateException if a named queue has its subscription already: a second would
   *     only take events away from it
   */
  @Override
  public synchronized Subscription subscribe(EventFilter filter, EventHandler handler) {
    if (closed) {
      throw new SinkClosedException("the subscriber is closed", false);
    }
    subscriptions.removeIf(known -> !known.isActive());
    if (config.queue() != null && !subscriptions.isEmpty()) {
      throw new IllegalStateException("queue " + config.queue() + " has its subscription already");
    }
    RabbitSubscription subscription =
        new RabbitSubscription(link, config, filter, handler, counters);
    subscriptions.add(subscription);
    subscription.start();
    return subscription;
  }

  /**
   * Waits until every subscription is connected and its queue is bound.
   *
   * @return whether that is so; false when time ran out
   */
  public boolean awaitConsuming(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (!isConsuming()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(this, POLL);
    }
    return true;
  }

  private synchronized boolean isConsuming() {
    return link.isUp()
        && subscriptions.stream().allMatch(known -> !known.isActive() || known.isConsuming());
  }

  /**
   * Brings dead letters of the configured queue back to it, oldest first, and waits.
   *
   * @param limit how many at most
   * @return how many were brought back; they carry {@code x-carillon-redriven}, how often
   * @throws IllegalStateException if no dead letters are kept
   * @throws EventConnectionException if the broker cannot be had or the connection fell; what was
   *     not brought back is still there
   */
  public int redrive(int limit) {
    String queue = config.queue();
    String dead = config.deadLetterQueue();
    if (queue == null || dead == null) {
      throw new IllegalStateException("no dead letters are kept: " + config);
    }
    try (Channel channel = Channels.open(link.await(config.socketTimeout().toNanos()))) {
      channel.confirmSelect();
      return DeadLetters.declare(channel, dead, config.socketTimeout().toMillis())
          .redrive(queue, limit);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw new EventConnectionException("dead letters were not all brought back: " + e, true, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventTimeoutException("interrupted while bringing dead letters back", true, e);
    }
  }

  /** What was received, and what became of it. */
  public SubscriberStats stats() {
    return counters.stats();
  }

  /** Whether there is a connection now. */
  public boolean isConnected() {
    return link.isUp();
  }

  /** What is unacknowledged goes back to its queue. A handler that is running is not waited for. */
  @Override
  public void close() {
    List<RabbitSubscription> running;
    synchronized (this) {
      closed = true;
      running = List.copyOf(subscriptions);
    }
    running.forEach(RabbitSubscription::close);
    link.close();
  }

  /** Names broker, exchange and queue, without credentials. */
  @Override
  public String toString() {
    return "EventSubscriber[" + config + "]";
  }
}
