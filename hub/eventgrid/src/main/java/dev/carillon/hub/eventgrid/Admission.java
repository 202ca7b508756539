package dev.carillon.hub.eventgrid;

import dev.carillon.hub.store.EventLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How subscriptions come in: checked, and wanted by their webhooks. One that is changed to another
 * webhook goes on as it was until that one wants the events. Used on one event loop.
 */
final class Admission {

  private static final Logger log = LoggerFactory.getLogger(Admission.class);
  private static final Duration CODE_LIFE = Duration.ofMinutes(5);
  private static final int MOST = 1000;
  private static final int MOST_DOUBLINGS = 7;
  private static final long SHORTEST_WAIT = 100;

  private final Vertx vertx;
  private final EventLog events;
  private final KeptState state;
  private final RetrySchedule schedule;
  private final InstantSource clock;
  private final boolean privateTargets;
  private final Consumer<SubscriptionRecord> admitted;
  private @Nullable Handshake handshake;

  /**
   * @param admitted is given each subscription that may be delivered to, new or changed
   */
  Admission(
      Vertx vertx,
      EventLog events,
      KeptState state,
      RetrySchedule schedule,
      InstantSource clock,
      boolean privateTargets,
      Consumer<SubscriptionRecord> admitted) {
    this.vertx = vertx;
    this.events = events;
    this.state = state;
    this.schedule = schedule;
    this.clock = clock;
    this.privateTargets = privateTargets;
    this.admitted = admitted;
  }

  /** Says how webhooks are asked, once it is known where they reach this hub. */
  void by(Handshake value) {
    handshake = value;
  }

  /** Tries until the webhook answers: it may start after the hub. */
  void keepTrying(SubscriptionRequest request, int attempts) {
    admit(request)
        .onFailure(
            e -> {
              log.warn("subscription {}: {}; trying again", request.name(), e.getMessage());
              Duration wait = schedule.scaled(Duration.ofSeconds(5L << attempts));
              if (!state.isClosed()) {
                vertx.setTimer(
                    Math.max(SHORTEST_WAIT, wait.toMillis()),
                    id -> keepTrying(request, Math.min(attempts + 1, MOST_DOUBLINGS)));
              }
            });
  }

  /**
   * Adds a subscription or changes it; fails with IllegalArgumentException if it may not be, and
   * with another exception if the disk fails.
   */
  Future<SubscriptionRecord> admit(SubscriptionRequest request) {
    try {
      Subscription subscription = Subscription.of(request, privateTargets);
      SubscriptionRecord known = state.open().find(subscription.name());
      if (known == null && state.open().count() >= MOST) {
        throw new IllegalArgumentException("there are " + MOST + " subscriptions already");
      }
      if (known != null && known.validated() && isForTheSameWebhook(known, request)) {
        return add(new SubscriptionRecord(request, true, known.code(), known.codeUntil(), null));
      }
      return ask(request, subscription, known);
    } catch (IllegalArgumentException | UncheckedIOException | MVStoreException e) {
      return Future.failedFuture(e);
    }
  }

  private static boolean isForTheSameWebhook(SubscriptionRecord known, SubscriptionRequest asked) {
    return Objects.equals(known.request().endpointUrl(), asked.endpointUrl());
  }

  private Future<SubscriptionRecord> ask(
      SubscriptionRequest request, Subscription subscription, @Nullable SubscriptionRecord before) {
    if (handshake == null) {
      throw new IllegalStateException("not started");
    }
    String name = subscription.name();
    SubscriptionRecord open =
        new SubscriptionRecord(
            request, false, UUID.randomUUID().toString(), clock.instant().plus(CODE_LIFE), null);
    SubscriptionRecord going = before != null && before.validated() ? before : null;
    state.open().put(name, going == null ? open : going.withChange(open));
    return handshake
        .with(subscription, open.code())
        .compose(
            answer -> {
              SubscriptionStore store = state.open(); // another one if the disk failed meanwhile
              SubscriptionRecord now = store.find(name);
              if (now != null && now.validated() && now.code().equals(open.code())) {
                return Future.succeededFuture(now); // by its URL, while we waited
              }
              if (now == null || !now.awaits(open)) {
                throw new IllegalArgumentException(
                    "the subscription was changed or removed while its webhook was asked");
              }
              if (answer.accepted()) {
                return add(open.accepted());
              }
              if (answer.open()) {
                return going == null ? add(open) : state.commit().map(open);
              }
              if (before == null) {
                store.remove(name);
              } else {
                store.put(name, before);
              }
              throw new IllegalArgumentException(
                  "the webhook did not pass the validation handshake: " + answer.outcome());
            });
  }

  private Future<SubscriptionRecord> add(SubscriptionRecord record) {
    String name = String.valueOf(record.request().name());
    SubscriptionStore store = state.open();
    store.put(name, record);
    store.saveCursor(name, store.cursor(name, events.end()));
    if (record.validated()) {
      admitted.accept(record);
    }
    return state.commit().map(record);
  }

  /** Admits a subscription whose webhook's owner called with its code; whether that was right. */
  Future<Boolean> byCode(String name, String code) {
    SubscriptionStore store = state.existing();
    SubscriptionRecord record = store == null ? null : store.find(name);
    SubscriptionRecord change = record == null ? null : record.change();
    Instant now = clock.instant();
    SubscriptionRecord asked = change != null && change.isOpenedBy(code, now) ? change : record;
    if (asked == null || !asked.isOpenedBy(code, now)) {
      return Future.succeededFuture(false);
    }
    return (asked.validated() ? state.commit() : add(asked.accepted())).map(true);
  }
}
