package dev.carillon.rabbitmq;

import dev.carillon.amqp.AmqpLink;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Brings deliveries to the channels, refuses at once what has no prospect, and looks every so often
 * for what took too long, on no thread of its own.
 */
final class Dispatch {

  private static final long SHORTEST_TICK = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_TICK = TimeUnit.SECONDS.toNanos(1);

  private final EventPublisherConfig config;
  private final AmqpLink link;
  private final Backlog backlog;
  private final Counters counters;
  private final Settlement settlement;
  private final AtomicReferenceArray<@Nullable ConfirmingChannel> channels;
  private final AtomicBoolean ticking = new AtomicBoolean();
  private final Executor afterTick;
  private volatile boolean abandoned;

  Dispatch(EventPublisherConfig config, Counters counters) {
    this.config = config;
    this.counters = counters;
    link = new AmqpLink(config.link());
    backlog = new Backlog(config.maxPending(), config.maxPendingBytes());
    settlement = new Settlement(config.clock(), backlog, counters);
    channels = new AtomicReferenceArray<>(config.channels());
    long tick = Math.min(config.publishTimeout().toNanos(), config.socketTimeout().toNanos()) / 20;
    afterTick =
        CompletableFuture.delayedExecutor(
            Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, tick)),
            TimeUnit.NANOSECONDS,
            settlement.chores());
  }

  /** The channel of the calling thread, so that its events stay in order. */
  int lane() {
    return (int) (Thread.currentThread().getId() % channels.length());
  }

  /** Sends a delivery; its result always comes. */
  CompletableFuture<Receipt> submit(Delivery delivery, int lane) {
    EventException refusal = backlog.reserve(delivery.size());
    if (refusal == null) {
      refusal = prospect();
      if (refusal != null) {
        backlog.release(delivery.size());
      }
    }
    if (refusal != null) {
      delivery.claim(refusal);
      counters.settled(delivery);
      delivery.result().completeExceptionally(refusal);
      return delivery.result();
    }
    channel(lane).add(delivery);
    if (abandoned) {
      abandon(); // closed meanwhile, and nobody else would come for it
    }
    tickOn();
    return delivery.result();
  }

  /** Whether a batch may add another event now, however large. */
  boolean hasRoom() {
    return backlog.hasRoom(config.maxEventBytes());
  }

  private @Nullable EventException prospect() {
    long blocked = link.blockedNanos();
    return blocked > config.publishTimeout().toNanos()
        ? new EventTimeoutException(
            "the broker has blocked publishing for " + Duration.ofNanos(blocked), false, null)
        : link.refusal();
  }

  private ConfirmingChannel channel(int lane) {
    ConfirmingChannel known = channels.get(lane);
    if (known != null) {
      return known;
    }
    ConfirmingChannel made = new ConfirmingChannel(link, config, settlement, counters, lane);
    if (channels.compareAndSet(lane, null, made)) {
      made.start();
      return made;
    }
    return channel(lane);
  }

  private void tickOn() {
    if (backlog.events() > 0 && !ticking.get() && ticking.compareAndSet(false, true)) {
      afterTick.execute(this::tick);
    }
  }

  private void tick() {
    ticking.set(false);
    tickOn();
    long now = System.nanoTime();
    for (int i = 0; i < channels.length(); i++) {
      ConfirmingChannel channel = channels.get(i);
      if (channel != null) {
        channel.expire(now);
      }
    }
  }

  int pending() {
    return backlog.events();
  }

  boolean isConnected() {
    return link.isUp();
  }

  void close() {
    if (!backlog.close()) {
      return;
    }
    backlog.awaitDrained(config.closeTimeout());
    abandoned = true;
    for (int i = 0; i < channels.length(); i++) {
      ConfirmingChannel channel = channels.get(i);
      if (channel != null) {
        channel.close();
      }
    }
    abandon();
    link.close();
    abandon(); // what a channel had in its hands at the first time
    settlement.finishAll();
  }

  private void abandon() {
    for (int i = 0; i < channels.length(); i++) {
      ConfirmingChannel channel = channels.get(i);
      if (channel != null) {
        channel.abandon();
      }
    }
  }
}
