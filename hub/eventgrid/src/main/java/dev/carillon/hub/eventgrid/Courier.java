package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogQuery;
import dev.carillon.hub.store.Page;
import dev.carillon.hub.store.StoredEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of one subscription to its webhook. It follows the log; what fails it keeps, to
 * try again when it is due, or as a dead letter. Used on one event loop.
 *
 * <p>The cursor stands before the first event that is neither delivered nor kept, so nothing is
 * lost when the hub ends suddenly. When too much is kept it reads no further, and catches up later.
 */
final class Courier {

  private static final Logger log = LoggerFactory.getLogger(Courier.class);
  private static final int MOST_AT_ONCE = 8;
  private static final int READ_AHEAD = 500;
  private static final long LONGEST_SLEEP = 60_000;

  private final Vertx vertx;
  private final Context loop;
  private final EventLog events;
  private final Subscription subscription;
  private final Webhook webhook;
  private final RetrySchedule schedule;
  private final SubscriptionStore store;
  private final Runnable changed;
  private final KeptDeliveries kept;

  private final Deque<Delivery> fresh = new ArrayDeque<>();
  private final TreeSet<Long> unsettled = new TreeSet<>();
  private long readTo;
  private boolean reading;
  private boolean again;
  private boolean caughtUp;
  private int underWay;
  private boolean stopped;
  private long timer = -1;

  /**
   * @param changed called after each change to the store, which is to be committed soon
   */
  Courier(
      Vertx vertx,
      Context loop,
      EventLog events,
      Subscription subscription,
      Webhook webhook,
      RetrySchedule schedule,
      SubscriptionStore store,
      Runnable changed) {
    this.vertx = vertx;
    this.loop = loop;
    this.events = events;
    this.subscription = subscription;
    this.webhook = webhook;
    this.schedule = schedule;
    this.store = store;
    this.changed = changed;
    this.kept = new KeptDeliveries(store, subscription.name());
  }

  /** Goes on from where the store says. */
  void start() {
    readTo = store.cursor(subscription.name(), events.end());
    kept.load();
    pump();
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  /** There may be more in the log. */
  void grown() {
    again = true; // a read under way may have looked before
    caughtUp = false;
    pump();
  }

  /** Tries dead letters again, as if they had never been tried; returns how many. */
  int redeliver(List<Delivery> letters) {
    kept.revive(letters, Instant.now());
    changed.run();
    pump();
    return letters.size();
  }

  private void pump() {
    if (stopped) {
      return;
    }
    Instant now = Instant.now();
    if (subscription.expiry() != null && !now.isBefore(subscription.expiry())) {
      expire();
      return;
    }
    while (underWay < MOST_AT_ONCE) {
      List<Delivery> batch = nextBatch(now);
      if (batch.isEmpty()) {
        break;
      }
      send(batch);
    }
    if (!reading && !caughtUp && fresh.size() < READ_AHEAD && kept.hasRoom()) {
      read();
    }
    sleepUntilDue(now);
  }

  /** What waited longest first; then what is new. All of a batch were tried as often. */
  private List<Delivery> nextBatch(Instant now) {
    List<Delivery> batch = new ArrayList<>();
    Delivery due = kept.pollDue(now, -1);
    int attempts = due == null ? 0 : due.deliveryAttempts();
    Supplier<@Nullable Delivery> more =
        due == null ? fresh::poll : () -> kept.pollDue(now, attempts);
    Delivery next = due == null ? fresh.poll() : due;
    for (long bytes = 0; next != null; next = takes(batch, bytes) ? more.get() : null) {
      bytes += next.event().toString().length();
      batch.add(next);
    }
    return batch;
  }

  private boolean takes(List<Delivery> batch, long bytes) {
    return batch.isEmpty()
        || (batch.size() < subscription.maxEvents() && bytes < subscription.preferredBytes());
  }

  private void send(List<Delivery> batch) {
    underWay++;
    boolean array = !subscription.cloudEvents() || subscription.maxEvents() > 1;
    String type =
        !subscription.cloudEvents()
            ? "application/json"
            : array ? "application/cloudevents-batch+json" : "application/cloudevents+json";
    Delivery first = batch.get(0);
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            type + "; charset=utf-8",
            "aeg-event-type",
            "Notification",
            "aeg-subscription-name",
            subscription.name().toUpperCase(Locale.ROOT),
            "aeg-delivery-count",
            Integer.toString(first.deliveryAttempts()),
            "aeg-data-version",
            first.event().path("dataVersion").asText("1.0"),
            "aeg-metadata-version",
            "1");
    String body =
        array
            ? batch.stream().map(delivery -> delivery.event()).toList().toString()
            : first.event().toString();
    webhook
        .call(HttpMethod.POST, subscription.endpoint(), headers, Buffer.buffer(body))
        .onSuccess(answer -> settle(batch, answer));
  }

  private void settle(List<Delivery> batch, WebhookAnswer answer) {
    underWay--;
    if (stopped) {
      return;
    }
    Instant now = Instant.now();
    for (Delivery delivery : batch) {
      long position = delivery.position();
      if (answer.succeeded()) {
        kept.settled(position);
      } else {
        kept.keep(schedule.after(delivery.failed(now, answer), answer, subscription, now));
      }
      unsettled.remove(position);
    }
    saveCursor();
    pump();
  }

  private void saveCursor() {
    store.saveCursor(subscription.name(), unsettled.isEmpty() ? readTo : unsettled.first() - 1);
    changed.run();
  }

  private void read() {
    reading = true;
    again = false;
    LogQuery query = LogQuery.builder().after(readTo).limit(READ_AHEAD).build();
    events
        .follow(query)
        .whenComplete((page, failure) -> loop.runOnContext(ignored -> received(page, failure)));
  }

  private void received(@Nullable Page page, @Nullable Throwable failure) {
    reading = false;
    if (stopped) {
      return;
    }
    if (page == null) {
      log.warn("subscription {} cannot read: {}", subscription.name(), String.valueOf(failure));
      caughtUp = true;
      vertx.setTimer(1000, id -> grown());
      return;
    }
    Instant now = Instant.now();
    for (StoredEvent stored : page.events()) {
      ObjectNode event = DeliveryForm.of(stored, subscription);
      if (event != null) {
        fresh.add(Delivery.fresh(stored.position(), event, now));
        unsettled.add(stored.position());
      }
    }
    caughtUp = !again && !page.full() && page.next() <= readTo;
    boolean moved = page.next() > readTo;
    readTo = Math.max(readTo, page.next());
    if (moved) {
      saveCursor();
    }
    pump();
  }

  private void sleepUntilDue(Instant now) {
    vertx.cancelTimer(timer);
    timer = -1;
    long sleep = LONGEST_SLEEP;
    Instant next = kept.nextDue();
    if (next != null && underWay < MOST_AT_ONCE) {
      sleep = Math.min(sleep, Duration.between(now, next).toMillis() + 1);
    }
    if (next != null || subscription.expiry() != null) {
      timer = vertx.setTimer(Math.max(1, sleep), id -> pump());
    }
  }

  /** The subscription is over: what could not be delivered becomes dead letters. */
  private void expire() {
    stop();
    kept.giveUp("SubscriptionExpired");
    fresh.forEach(delivery -> kept.keep(delivery.dead("SubscriptionExpired")));
    log.info("subscription {} has expired", subscription.name());
    changed.run();
  }
}
