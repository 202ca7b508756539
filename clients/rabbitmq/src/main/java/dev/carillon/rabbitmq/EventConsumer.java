package dev.carillon.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.carillon.amqp.AmqpLink;
import dev.carillon.amqp.Channels;
import dev.carillon.core.EventException;
import java.io.IOException;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with a channel of its own, through all the channels that fall and are opened again: it
 * takes messages one after another, calls the handler, acknowledges. An event whose handler threw
 * stays here, unacknowledged, until it is due again; so when everything fails, the prefetch fills
 * up and the broker keeps the rest.
 */
final class EventConsumer {

  private static final Logger log = LoggerFactory.getLogger(EventConsumer.class);
  private static final long LONGEST_POLL = TimeUnit.MILLISECONDS.toNanos(200);

  private final AmqpLink link;
  private final EventSubscriberConfig config;
  private final RabbitSubscription subscription;
  private final Thread thread;
  private volatile boolean consuming;

  EventConsumer(
      AmqpLink link, EventSubscriberConfig config, RabbitSubscription subscription, int number) {
    this.link = link;
    this.config = config;
    this.subscription = subscription;
    thread = new Thread(this::run, "carillon-rabbitmq-consumer-" + number);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Whether messages can come. */
  boolean isConsuming() {
    return consuming;
  }

  private void run() {
    while (subscription.isActive()) {
      try {
        consume(link.await(config.socketTimeout().toNanos()));
      } catch (EventException | IOException | ShutdownSignalException | TimeoutException e) {
        log.debug("consuming ended", e);
        if (subscription.isActive() && link.isUp()) {
          log.warn("consuming {} ended: {}", config, reason(e));
        }
      } catch (InterruptedException e) {
        log.debug("interrupted by the handler, and going on", e);
      } catch (RuntimeException | Error e) { // whatever it is, the events must go on
        log.error("consuming {} failed unexpectedly", config, e);
      }
      consuming = false;
      subscription.awaitClosed(config.reconnectDelay());
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  private void consume(Connection connection)
      throws IOException, InterruptedException, TimeoutException {
    Channel channel = Channels.open(connection);
    try {
      RabbitSubscription.OpenQueue queue = subscription.declare(channel, connection);
      BlockingQueue<Received> arrived =
          Channels.consume(channel, queue.name(), config.prefetch(), Received::new);
      consuming = true;
      handleAll(queue, arrived);
    } finally {
      Channels.end(channel);
    }
  }

  private void handleAll(RabbitSubscription.OpenQueue queue, BlockingQueue<Received> arrived)
      throws IOException, InterruptedException, TimeoutException {
    PriorityQueue<Received> failed = new PriorityQueue<>();
    while (subscription.isActive() && queue.channel().isOpen()) {
      Received first = failed.peek();
      Received next =
          first != null && first.nanosUntilDue() <= 0
              ? failed.poll()
              : arrived.poll(
                  first == null ? LONGEST_POLL : Math.min(LONGEST_POLL, first.nanosUntilDue()),
                  TimeUnit.NANOSECONDS);
      if (next != null) {
        Duration again = subscription.handle(queue, next);
        if (again != null) {
          next.retryAfter(again);
          failed.add(next);
        }
      }
    }
  }
}
