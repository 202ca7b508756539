package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogQuery;
import dev.carillon.hub.store.Page;
import dev.carillon.hub.store.StoredEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
  private static final int LEAST_READ = 8;
  private static final long LONGEST_SLEEP = 60_000;
  private static final int BRACKETS = 2;
  private static final String EXPIRED = "SubscriptionExpired";

  private final Vertx vertx;
  private final Context loop;
  private final EventLog events;
  private final Subscription subscription;
  private final Webhook webhook;
  private final RetrySchedule schedule;
  private final KeptState state;
  private final InstantSource clock;
  private final LongSupplier room;
  private final KeptDeliveries kept;

  private final Deque<Delivery> fresh = new ArrayDeque<>();
  private final TreeSet<Long> unsettled = new TreeSet<>();
  private long readTo;
  private int pageSize = LEAST_READ;
  private long held; // characters of what is fresh or under way
  private boolean reading;
  private boolean again;
  private boolean caughtUp;
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
      LongSupplier room) {
    this.vertx = vertx;
    this.loop = loop;
    this.events = events;
    this.subscription = subscription;
    this.webhook = webhook;
    this.schedule = schedule;
    this.state = state;
    this.clock = clock;
    this.room = room;
    this.kept = new KeptDeliveries(state.open(), subscription.name());
  }

  /** Goes on from where the store says. */
  void start() {
    long end = events.end();
    readTo = state.open().cursor(subscription.name(), end);
    if (readTo > end) {
      log.warn(
          "subscription {} waits for position {}, but the event log, which was longer once, is at {};"
              + " remove the subscription and make it again to hear of what comes before",
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
    again = true; // a read under way may have looked before
    caughtUp = false;
    pump();
  }

  /** Whether the subscription has expired, and delivers no more. */
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
      List<Delivery> batch = nextBatch(now);
      if (batch.isEmpty()) {
        break;
      }
      send(batch);
    }
    if (!reading && !caughtUp && fresh.size() < READ_AHEAD && hasRoom()) {
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
    return more && held < room.getAsLong();
  }

  /** What waited longest first; then what is new. All of a batch were tried as often. */
  private List<Delivery> nextBatch(Instant now) {
    List<Delivery> batch = new ArrayList<>();
    Delivery due = kept.pollDue(now, -1);
    int attempts = due == null ? 0 : due.deliveryAttempts();
    Supplier<@Nullable Delivery> more =
        due == null ? fresh::poll : () -> kept.pollDue(now, attempts);
    Delivery next = due == null ? fresh.poll() : due;
    long bytes = BRACKETS;
    while (next != null) {
      bytes += subscription.maxEvents() == 1 ? 0 : next.bytes() + 1; // one goes whatever it has
      if (bytes > subscription.preferredBytes() && !batch.isEmpty()) {
        putBack(next, due != null);
        break;
      }
      batch.add(next);
      held += due == null ? 0 : next.event().length(); // what is fresh counts already
      next = batch.size() < subscription.maxEvents() ? more.get() : null;
    }
    return batch;
  }

  private void putBack(Delivery next, boolean due) {
    if (due) {
      kept.await(next);
    } else {
      fresh.addFirst(next);
    }
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
    if (stopped) {
      return;
    }
    state.commitSoon(); // first, since it finds out should the store have closed itself
    Instant now = clock.instant();
    for (Delivery delivery : batch) {
      long position = delivery.position();
      held -= delivery.event().length();
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
    state.commitSoon();
    state
        .open()
        .saveCursor(subscription.name(), unsettled.isEmpty() ? readTo : unsettled.first() - 1);
  }

  private void read() {
    reading = true;
    again = false;
    LogQuery query = LogQuery.builder().after(readTo).limit(pageSize).build();
    events
        .follow(query)
        .whenComplete((page, failure) -> loop.runOnContext(ignored -> received(page, failure)));
  }

  private void received(@Nullable Page page, @Nullable Throwable failure) {
    reading = false;
    if (stopped || over) {
      return;
    }
    if (page == null) {
      log.warn("subscription {} cannot read: {}", subscription.name(), String.valueOf(failure));
      caughtUp = true;
      vertx.setTimer(1000, id -> grown());
      return;
    }
    int taken = take(page.events());
    boolean cut = taken < page.events().size();
    pageSize = cut ? Math.max(LEAST_READ, taken) : Math.min(READ_AHEAD, pageSize * 2);
    long next = !cut ? page.next() : taken == 0 ? 0 : page.events().get(taken - 1).position();
    caughtUp = !cut && !again && !page.full() && next <= readTo;
    stalled &= !caughtUp;
    if (next > readTo) {
      readTo = next;
      saveCursor();
    }
    pump();
  }

  /** Takes events as long as there is room in memory; returns how many. */
  private int take(List<StoredEvent> page) {
    Instant now = clock.instant();
    int taken = 0;
    for (; taken < page.size() && held < room.getAsLong(); taken++) {
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
      Delivery delivery = Delivery.fresh(stored.position(), event.toString(), now);
      fresh.add(delivery);
      unsettled.add(delivery.position());
      held += delivery.event().length();
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
    fresh.forEach(delivery -> kept.keep(delivery.dead(EXPIRED)));
    fresh.clear();
    unsettled.clear();
    saveCursor();
    giveUpRest();
  }

  private void giveUpRest() {
    if (!stopped && kept.giveUpSome(EXPIRED)) {
      state.commit().onComplete(done -> giveUpRest()); // what is not committed is in memory
    }
  }
}
