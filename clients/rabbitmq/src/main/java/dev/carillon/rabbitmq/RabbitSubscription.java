package dev.carillon.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.carillon.amqp.AmqpLink;
import dev.carillon.amqp.DeadLetters;
import dev.carillon.amqp.MessageReader;
import dev.carillon.core.EventException;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Subscription;
import dev.carillon.formats.EventFormats;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A handler with its queue and the consumers that call it. */
final class RabbitSubscription implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(RabbitSubscription.class);

  private final EventSubscriberConfig config;
  private final EventFilter filter;
  private final EventHandler handler;
  private final SubscriberCounters counters;
  private final MessageReader reader;
  private final HandledIds ids;
  private final String name = "carillon-" + UUID.randomUUID();
  private final List<EventConsumer> consumers = new ArrayList<>();
  private final LongAdder handled = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object gate = new Object();

  RabbitSubscription(
      AmqpLink link,
      EventSubscriberConfig config,
      EventFilter filter,
      EventHandler handler,
      SubscriberCounters counters) {
    this.config = config;
    this.filter = filter;
    this.handler = handler;
    this.counters = counters;
    reader = new MessageReader(EventFormats.ofDefaults());
    ids = new HandledIds(config.rememberedIds());
    for (int i = 1; i <= config.concurrency(); i++) {
      consumers.add(new EventConsumer(link, config, this, i));
    }
  }

  void start() {
    consumers.forEach(EventConsumer::start);
  }

  boolean isConsuming() {
    return consumers.stream().allMatch(EventConsumer::isConsuming);
  }

  /** What a channel consumes, and where it sets aside what fails; null if that is dropped. */
  record OpenQueue(Channel channel, String name, @Nullable DeadLetters deadLetters) {}

  /** Makes what is needed on the broker, as often as it is asked to. */
  OpenQueue declare(Channel channel, Connection connection) throws IOException {
    if (config.declareExchange()) {
      channel.exchangeDeclare(config.exchangeName(), BuiltinExchangeType.TOPIC, true);
    }
    channel.confirmSelect();
    String queue = config.queue();
    if (queue == null) {
      // A new name for each connection: the broker may still hold the queue for the one before.
      queue = name + "-" + Integer.toHexString(System.identityHashCode(connection));
      channel.queueDeclare(queue, false, true, true, config.queueArguments());
    } else {
      channel.queueDeclare(queue, true, false, false, config.queueArguments());
    }
    for (String binding : bindings()) {
      channel.queueBind(queue, config.exchangeName(), binding);
    }
    String dead = config.deadLetterQueue();
    DeadLetters letters =
        dead == null ? null : DeadLetters.declare(channel, dead, config.socketTimeout().toMillis());
    return new OpenQueue(channel, queue, letters);
  }

  private List<String> bindings() {
    if (!config.bindings().isEmpty()) {
      return config.bindings();
    }
    String type = filter.type();
    if (type == null) {
      return List.of("#");
    }
    if (!type.endsWith("*")) {
      return List.of(type);
    }
    return type.endsWith(".*")
        ? List.of(type.substring(0, type.length() - 1) + "#")
        : List.of("#"); // AMQP has no part of a word; the filter decides
  }

  /**
   * Handles a message and says what became of it to the broker.
   *
   * @return after what time to hand it over again; null if it is done
   */
  @Nullable Duration handle(OpenQueue queue, Received received)
      throws IOException, InterruptedException, TimeoutException {
    CloudEvent event;
    try {
      event = reader.read(received.message, received.envelope.getExchange());
    } catch (EventValidationException e) {
      counters.skipped.increment();
      setAside(queue, received, "malformed", e);
      return null;
    }
    if (!filter.matches(event)) {
      queue.channel().basicAck(received.envelope.getDeliveryTag(), false);
      return null;
    }
    return switch (ids.begin(event)) {
      case IN_HAND -> config.delayAfter(1);
      case HANDLED -> {
        counters.duplicates.increment();
        queue.channel().basicAck(received.envelope.getDeliveryTag(), false);
        yield null;
      }
      case NEW -> call(queue, received, event);
    };
  }

  private @Nullable Duration call(OpenQueue queue, Received received, CloudEvent event)
      throws IOException, InterruptedException, TimeoutException {
    synchronized (gate) {
      if (!isActive()) {
        ids.end(event, false);
        return config.retryDelay(); // the channel ends next, and the broker takes it back
      }
    }
    received.attempts++;
    Throwable thrown = null;
    try {
      handler.handle(event);
    } catch (Throwable e) { // errors too: the next event comes in any case
      thrown = e;
    }
    boolean unused = Thread.interrupted(); // else the channel ends, and with it an unnamed queue
    ids.end(event, thrown == null);
    if (thrown == null) {
      handled.increment();
      counters.handled.increment();
      queue.channel().basicAck(received.envelope.getDeliveryTag(), false);
      return null;
    }
    failed.increment();
    counters.failed.increment();
    boolean hopeless = thrown instanceof EventException known && !known.isRetryable();
    boolean last = hopeless || received.attempts > config.retryAttempts();
    log.warn(
        "handler failed on event {} of type {}, attempt {}{}",
        event.getId(),
        event.getType(),
        received.attempts,
        last ? ", the last" : "",
        thrown);
    if (last) {
      setAside(queue, received, "handler-failed", thrown);
      return null;
    }
    return config.delayAfter(received.attempts);
  }

  private void setAside(OpenQueue queue, Received received, String reason, Throwable error)
      throws IOException, InterruptedException, TimeoutException {
    DeadLetters letters = queue.deadLetters();
    if (letters == null) {
      log.warn("message {} is dropped, {}: {}", idOf(received), reason, error.toString());
      queue.channel().basicAck(received.envelope.getDeliveryTag(), false);
    } else {
      letters.add(
          new DeadLetters.Letter(
              received.envelope, received.message, queue.name(), received.attempts),
          reason,
          error.toString());
      counters.deadLettered.increment();
      log.warn("message {} is a dead letter, {}: {}", idOf(received), reason, error.toString());
    }
  }

  private static @Nullable String idOf(Received received) {
    return received.message.properties().getMessageId();
  }

  /** Waits until this is closed, at most so long. */
  void awaitClosed(Duration patience) {
    try {
      boolean unused = closed.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      log.debug("interrupted while waiting, and going on", e);
    }
  }

  @Override
  public boolean isActive() {
    return closed.getCount() > 0;
  }

  @Override
  public long handled() {
    return handled.sum();
  }

  @Override
  public long failed() {
    return failed.sum();
  }

  @Override
  public void close() {
    synchronized (gate) {
      closed.countDown();
    }
  }
}
