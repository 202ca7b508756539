package dev.carillon.hub.eventgrid;

import dev.carillon.hub.store.EventLog;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The couriers of all subscriptions that are delivered to. They share a bound on what is in memory,
 * and hear of what the log grows by; while there are none, nobody listens to it. Used on one event
 * loop, but for {@link #statistics}.
 */
final class Couriers {

  /** Characters of events in memory, on their way to all subscribers and to one of them. */
  private static final long MOST_HELD = 64 << 20;

  private static final long MOST_HELD_EACH = 8 << 20;

  private final Vertx vertx;
  private final Context loop;
  private final EventLog events;
  private final Webhook webhook;
  private final RetrySchedule schedule;
  private final KeptState state;
  private final InstantSource clock;
  private final Map<String, Courier> byName = new ConcurrentHashMap<>();
  private final Figures figures = new Figures();
  private EventLog.@Nullable Listening listening;

  Couriers(
      Vertx vertx,
      Context loop,
      EventLog events,
      Webhook webhook,
      RetrySchedule schedule,
      KeptState state,
      InstantSource clock) {
    this.vertx = vertx;
    this.loop = loop;
    this.events = events;
    this.webhook = webhook;
    this.schedule = schedule;
    this.state = state;
    this.clock = clock;
  }

  /** Delivers to a subscription from now on, in place of what it was before. */
  void start(Subscription subscription) {
    Courier courier =
        new Courier(
            vertx,
            loop,
            events,
            subscription,
            webhook,
            schedule,
            state,
            clock,
            figures,
            this::heldByEach);
    Courier before = byName.put(subscription.name(), courier);
    if (before != null) {
      before.stop();
    }
    if (listening == null) {
      listening = events.onGrowth(() -> loop.runOnContext(ignored -> grown()));
    }
    courier.start();
  }

  private long heldByEach() {
    return Math.min(MOST_HELD_EACH, MOST_HELD / byName.size());
  }

  private void grown() {
    byName.values().forEach(Courier::grown);
  }

  /** The courier of a subscription; null if that is not delivered to. */
  @Nullable Courier find(String name) {
    return byName.get(name);
  }

  /** Delivers no more to a subscription, if it did. */
  void stop(String name) {
    Courier courier = byName.remove(name);
    if (courier != null) {
      courier.stop();
    }
    if (byName.isEmpty()) {
      listenNoMore();
    }
  }

  /** Delivers no more to any. */
  void stopAll() {
    byName.values().forEach(Courier::stop);
    byName.clear();
    listenNoMore();
  }

  /** Figures of all of them. */
  SubscriptionStatistics statistics() {
    return figures.of(byName.values());
  }

  private void listenNoMore() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
  }
}
