package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.Page;
import dev.carillon.hub.store.StoredEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of one subscription to its webhook. It follows the log; what fails it keeps, to
 * try again when it is due, or as a dead letter. Used on one event loop.
 *
 * <p>The cursor stands before the first event that is neither delivered nor kept, so nothing is
 * lost when the hub ends suddenly. When too much is kept, or in memory, it reads no further, and
 * catches up later.
 */
final class Courier {

  /** Why an event that cannot be read is dead; such a letter holds what the log has. */
  static final String UNREADABLE = "EventCannotBeRead";

  private static final Logger log = LoggerFactory.getLogger(Courier.class);
  private static final int MOST_AT_ONCE = 8;
  private static final int READ_AHEAD = 500;
  private static final long LONGEST_SLEEP = 60_000;
  private static final String EXPIRED = "SubscriptionExpired";

  private final Vertx vertx;
  private final Context loop;
  private final EventLog events;
  private final Subscription subscription;
  private final Webhook webhook;
  private final RetrySchedule schedule;
  private final KeptState state;
  private final InstantSource clock;
  private final Figures figures;
  private final LongSupplier room;
  private final KeptDeliveries kept;
  private final InTransit transit;
  private final Bookmark bookmark = new Bookmark(READ_AHEAD);

  private boolean stalled;
  private int underWay;
  private boolean over;
  private boolean stopped;
  private long timer = -1;

  /**
   * @param room how many characters of events this courier may hold in memory
   */
  Courier(
      Vertx vertx,
      Context loop,
      EventLog events,
      Subscription subscription,
      Webhook webhook,
      RetrySchedule schedule,
      KeptState state,
      InstantSource clock,
      Figures figures,
      LongSupplier room) {
    this.vertx = vertx;
    this.loop = loop;
    this.events = events;
    this.subscription = subscription;
    this.webhook = webhook;
    this.schedule = schedule;
    this.state = state;
    this.clock = clock;
    this.figures = figures;
    this.room = room;
    this.kept = new KeptDeliveries(state.open(), subscription.name());
    this.transit = new InTransit(kept, subscription);
  }

  /** Goes on from where the store says. */
  void start() {
    long end = events.end();
    long readTo = state.open().cursor(subscription.name(), end);
    bookmark.startAfter(readTo);
    if (readTo > end) {
      log.warn(
          "subscription {} waits for position {}, but the event log, which was longer once, is at"
              + " {}; remove the subscription and make it again to hear of what comes before",
          subscription.name(),
          readTo,
          end);
    }
    load();
  }

  /** There may be much, and the event loop has others to serve, so a timer goes on. */
  private void load() {
    if (!stopped) {
      kept.loadSome();
      if (kept.isLoaded()) {
        pump();
      } else {
        vertx.setTimer(1, id -> load());
      }
    }
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  /** There may be more in the log. */
  void grown() {
    bookmark.grown();
    pump();
  }

  /** What is kept for the subscription. */
  KeptDeliveries kept() {
    return kept;
  }

  /** Whether the subscription has expired, and delivers no more. Thread-safe. */
  boolean isOver() {
    return isOver(clock.instant());
  }

  private boolean isOver(Instant now) {
    return subscription.expiry() != null && !now.isBefore(subscription.expiry());
  }

  /** Tries dead letters again, as if they had never been tried. */
  void redeliver(List<Delivery> letters) {
    kept.revive(letters, clock.instant());
    state.commitSoon();
    pump();
  }

  private void pump() {
    if (stopped || over || !kept.isLoaded()) {
      return;
    }
    Instant now = clock.instant();
    if (isOver(now)) {
      if (underWay == 0) {
        end();
      }
      return;
    }
    while (underWay < MOST_AT_ONCE) {
      List<Delivery> batch = transit.nextBatch(now);
      if (batch.isEmpty()) {
        break;
      }
      send(batch);
    }
    if (bookmark.isToRead() && transit.fresh() < READ_AHEAD && hasRoom()) {
      read();
    }
    sleepUntilDue(now);
  }

  private boolean hasRoom() {
    boolean more = kept.hasRoom();
    if (!more && !stalled) {
      stalled = true;
      log.warn(
          "subscription {} reads no further until some of what it keeps arrives, or dead letters"
              + " are sent again or deleted",
          subscription.name());
    }
    return more && hasMemory();
  }

  private boolean hasMemory() {
    return transit.characters() < room.getAsLong();
  }

  private void send(List<Delivery> batch) {
    underWay++;
    Notification notification = Notification.of(batch, subscription);
    webhook
        .call(HttpMethod.POST, subscription.endpoint(), notification.headers(), notification.body())
        .onSuccess(answer -> loop.runOnContext(later -> settle(batch, answer)));
  }

  private void settle(List<Delivery> batch, WebhookAnswer answer) {
    underWay--;
    figures.attempted(batch.size(), answer.succeeded());
    if (stopped) {
      return;
    }
    state.commitSoon(); // first, since it finds out should the store have closed itself
    Instant now = clock.instant();
    for (Delivery delivery : batch) {
      if (answer.succeeded()) {
        kept.settled(delivery.position());
      } else {
        kept.keep(schedule.after(delivery.failed(now, answer), answer, subscription, now));
      }
      transit.settled(delivery);
    }
    saveCursor();
    pump();
  }

  private void saveCursor() {
    state.commitSoon();
    state.open().saveCursor(subscription.name(), transit.settledUpTo(bookmark.position()));
  }

  private void read() {
    events
        .follow(bookmark.next())
        .whenComplete((page, failure) -> loop.runOnContext(ignored -> received(page, failure)));
  }

  private void received(@Nullable Page page, @Nullable Throwable failure) {
    bookmark.arrived();
    if (stopped || over) {
      return;
    }
    if (page == null) {
      log.warn("subscription {} cannot read: {}", subscription.name(), String.valueOf(failure));
      bookmark.failed();
      vertx.setTimer(1000, id -> grown());
      return;
    }
    int taken = take(page.events());
    boolean further = bookmark.move(page, taken);
    stalled &= !bookmark.isCaughtUp();
    if (further) {
      saveCursor();
    }
    pump();
  }

  /** Takes events as long as there is room in memory; returns how many. */
  private int take(List<StoredEvent> page) {
    Instant now = clock.instant();
    int taken = 0;
    for (; taken < page.size() && hasMemory(); taken++) {
      StoredEvent stored = page.get(taken);
      if (DeliveryForm.isOfTopic(stored, subscription)) {
        take(stored, now);
      }
    }
    return taken;
  }

  private void take(StoredEvent stored, Instant now) {
    ObjectNode event;
    try {
      event = DeliveryForm.of(stored, subscription);
    } catch (RuntimeException e) { // whatever it is, the events behind it must go on
      log.warn("subscription {} cannot read event {}", subscription.name(), stored.position(), e);
      String json = new String(stored.json(), StandardCharsets.UTF_8);
      kept.keep(Delivery.fresh(stored.position(), json, now).dead(UNREADABLE));
      return;
    }
    if (event != null) {
      transit.add(Delivery.fresh(stored.position(), event.toString(), now));
    }
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
  private void end() {
    over = true;
    vertx.cancelTimer(timer);
    log.info("subscription {} has expired", subscription.name());
    transit.giveUp(delivery -> kept.keep(delivery.dead(EXPIRED)));
    saveCursor();
    giveUpRest();
  }

  private void giveUpRest() {
    if (!stopped && kept.giveUpSome(EXPIRED)) {
      state.commit().onComplete(done -> giveUpRest()); // what is not committed is in memory
    }
  }
}
