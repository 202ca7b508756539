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
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.h2.mvstore.MVMap;
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
  private static final int MOST_KEPT = 100_000;
  private static final long LONGEST_SLEEP = 60_000;

  private final Vertx vertx;
  private final Context loop;
  private final EventLog events;
  private final Subscription subscription;
  private final Webhook webhook;
  private final RetrySchedule schedule;
  private final SubscriptionStore store;
  private final Runnable changed;
  private final MVMap<Long, String> pending;
  private final MVMap<Long, String> dead;

  private final Deque<Delivery> fresh = new ArrayDeque<>();
  private final TreeSet<Long> unsettled = new TreeSet<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
  private long readTo;
  private boolean reading;
  private boolean caughtUp;
  private int underWay;
  private boolean stopped;
  private long timer = -1;

  /** A kept delivery and when to try it again. */
  private record Due(Instant at, long position, int attempts) {}

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
    this.pending = store.deliveries("pending", subscription.name());
    this.dead = store.deliveries("dead", subscription.name());
  }

  /** Goes on from where the store says. */
  void start() {
    readTo = store.cursor(subscription.name(), events.end());
    for (long after = -1; ; ) {
      List<Delivery> page = SubscriptionStore.page(pending, after, READ_AHEAD);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(this::wait);
      after = page.get(page.size() - 1).position();
    }
    pump();
  }

  private void wait(Delivery delivery) {
    Instant at = delivery.nextAttempt() == null ? Instant.EPOCH : delivery.nextAttempt();
    due.add(new Due(at, delivery.position(), delivery.deliveryAttempts()));
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  /** There may be more in the log. */
  void grown() {
    caughtUp = false;
    pump();
  }

  /** Tries dead letters again, as if they had never been tried; returns how many. */
  int redeliver(List<Delivery> letters) {
    Instant now = Instant.now();
    for (Delivery letter : letters) {
      Delivery again = Delivery.fresh(letter.position(), letter.event(), now);
      dead.remove(letter.position());
      pending.put(letter.position(), SubscriptionStore.write(again));
      wait(again);
    }
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
    boolean room = pending.size() < MOST_KEPT && dead.size() < MOST_KEPT;
    if (!reading && !caughtUp && fresh.size() < READ_AHEAD && room) {
      read();
    }
    sleepUntilDue(now);
  }

  /** What waited longest first; then what is new. All of a batch were tried as often. */
  private List<Delivery> nextBatch(Instant now) {
    List<Delivery> batch = new ArrayList<>();
    long bytes = 0;
    Due first = due.peek();
    if (first != null && !first.at().isAfter(now)) {
      while (takes(batch, bytes)
          && due.peek() != null
          && !due.peek().at().isAfter(now)
          && due.peek().attempts() == first.attempts()) {
        String kept = pending.get(due.poll().position());
        if (kept != null) {
          batch.add(SubscriptionStore.read(kept, Delivery.class));
          bytes += kept.length();
        }
      }
      return batch;
    }
    while (takes(batch, bytes) && !fresh.isEmpty()) {
      Delivery next = fresh.poll();
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
        pending.remove(position);
      } else {
        keep(schedule.after(delivery.failed(now, answer), answer, subscription, now));
      }
      unsettled.remove(position);
    }
    saveCursor();
    pump();
  }

  private void keep(Delivery delivery) {
    String json = SubscriptionStore.write(delivery);
    if (delivery.deadLetterReason() != null) {
      dead.put(delivery.position(), json);
      pending.remove(delivery.position());
    } else {
      pending.put(delivery.position(), json);
      wait(delivery);
    }
  }

  private void saveCursor() {
    store.saveCursor(subscription.name(), unsettled.isEmpty() ? readTo : unsettled.first() - 1);
    changed.run();
  }

  private void read() {
    reading = true;
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
    caughtUp = !page.full() && page.next() <= readTo;
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
    if (!due.isEmpty() && underWay < MOST_AT_ONCE) {
      sleep = Math.min(sleep, Duration.between(now, due.peek().at()).toMillis() + 1);
    }
    if (!due.isEmpty() || subscription.expiry() != null) {
      timer = vertx.setTimer(Math.max(1, sleep), id -> pump());
    }
  }

  /** The subscription is over: what could not be delivered becomes dead letters. */
  private void expire() {
    stop();
    for (Delivery delivery : SubscriptionStore.page(pending, -1, MOST_KEPT)) {
      keep(delivery.dead("SubscriptionExpired"));
    }
    for (Delivery delivery : fresh) {
      keep(delivery.dead("SubscriptionExpired"));
    }
    log.info("subscription {} has expired", subscription.name());
    changed.run();
  }
}
