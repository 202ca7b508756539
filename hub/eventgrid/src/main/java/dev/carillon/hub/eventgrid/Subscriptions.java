package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions to Event Grid topics: who is sent what, and what could not be delivered. While
 * there are none, it costs nothing. Thread-safe; futures complete on one event loop and fail with
 * {@link IllegalArgumentException} for what the caller got wrong, and with {@link
 * LogUnavailableException} while the disk takes nothing.
 */
public final class Subscriptions implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
  private static final int CLOSE_SECONDS = 3;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Context loop;
  private final KeptState state;
  private final InstantSource clock;
  private final @Nullable URI publicUrl;
  private final boolean privateTargets;
  private final List<SubscriptionRequest> listed;
  private final Webhook webhook;
  private final Couriers couriers;
  private final DeadLetters dead;
  private final Admission admission;

  private Subscriptions(
      Vertx vertx,
      EventLog events,
      EventGridSettings settings,
      Path folder,
      InstantSource clock,
      List<SubscriptionRequest> listed) {
    this.loop = vertx.getOrCreateContext();
    this.clock = clock;
    this.publicUrl = settings.publicUrl();
    this.privateTargets = settings.privateTargets();
    RetrySchedule schedule = new RetrySchedule(settings.timeScale());
    this.state =
        new KeptState(vertx, folder, schedule.scaled(PAUSE), this::deliverNoMore, this::goOn);
    this.listed = listed;
    this.webhook = new Webhook(vertx, privateTargets, schedule.requestTimeout());
    this.couriers = new Couriers(vertx, loop, events, webhook, schedule, state, clock);
    this.dead = new DeadLetters(state, couriers);
    this.admission =
        new Admission(vertx, events, state, schedule, clock, privateTargets, this::deliver);
  }

  /**
   * Reads what the settings list.
   *
   * @param folder where subscriptions are kept
   * @param clock tells when they expire, and when what failed is due
   * @throws IOException with a text fit for a person, if the settings' file cannot be used
   */
  public static Subscriptions of(
      Vertx vertx, EventLog events, EventGridSettings settings, Path folder, InstantSource clock)
      throws IOException {
    List<SubscriptionRequest> listed = EventGridFile.read(settings.file()).subscriptions();
    for (SubscriptionRequest request : listed) {
      try {
        Subscription.of(request, settings.privateTargets());
      } catch (IllegalArgumentException e) {
        throw new IOException(
            settings.file() + ", subscription " + request.name() + ": " + e.getMessage(), e);
      }
    }
    return new Subscriptions(vertx, events, settings, folder, clock, listed);
  }

  /**
   * Goes on with the subscriptions that there are, and adds those that the settings list.
   *
   * @param address where this hub listens; webhooks are told so unless it has a public URL
   */
  public void start(URI address) {
    onLoop(
            () -> {
              admission.by(new Handshake(webhook, publicUrl == null ? address : publicUrl));
              listed.forEach(request -> admission.keepTrying(request, 1));
              goOn();
              return Future.succeededFuture();
            })
        .onFailure(e -> log.error("subscriptions cannot be started", e));
  }

  private void deliverNoMore() {
    couriers.stopAll();
  }

  /**
   * Adds a subscription or changes it, after asking the webhook whether it wants the events.
   *
   * @param name its name
   * @param json what is asked for
   * @return a future of the subscription, as JSON
   */
  public Future<String> put(String name, byte[] json) {
    return onLoop(() -> admission.admit(SubscriptionRequest.read(name, json)).map(this::json));
  }

  /** Goes on from what is durable, as after a crash. */
  private void goOn() {
    SubscriptionStore store = state.existing();
    if (store != null) {
      store.all().stream().filter(this::isToBegin).forEach(this::goOn);
    }
  }

  private boolean isToBegin(SubscriptionRecord record) {
    return record.validated() && couriers.find(String.valueOf(record.request().name())) == null;
  }

  /** Delivers to a subscription that was kept, if its webhook is one that still may be called. */
  private void goOn(SubscriptionRecord record) {
    try {
      deliver(record);
    } catch (IllegalArgumentException e) {
      log.error("subscription {} stands still: {}", record.request().name(), e.getMessage());
    }
  }

  private void deliver(SubscriptionRecord record) {
    Subscription subscription = Subscription.of(record.request(), privateTargets);
    if (!state.isClosed()) {
      couriers.start(subscription);
    }
  }

  /**
   * Hears that a webhook's owner wants the events, by the URL of the validation event.
   *
   * @return a future of whether that was so, which completes when it is durable
   */
  public Future<Boolean> validate(String name, String code) {
    return onLoop(() -> admission.byCode(name, code));
  }

  /** All subscriptions, as a JSON array. */
  public Future<String> list() {
    return onLoop(
        () -> {
          ArrayNode all = EventGridFile.MAPPER.createArrayNode();
          SubscriptionStore store = state.existing();
          if (store != null) {
            Instant now = clock.instant();
            store.all().forEach(record -> all.add(SubscriptionView.of(record, store, now)));
          }
          return Future.succeededFuture(all.toString());
        });
  }

  /** One subscription, as JSON; null if there is none of that name. */
  public Future<@Nullable String> find(String name) {
    return onLoop(
        () -> {
          SubscriptionRecord record = find(state.existing(), name);
          return Future.succeededFuture(record == null ? null : json(record));
        });
  }

  private static @Nullable SubscriptionRecord find(@Nullable SubscriptionStore store, String name) {
    return store == null ? null : store.find(name);
  }

  private String json(SubscriptionRecord record) {
    return SubscriptionView.of(record, state.open(), clock.instant()).toString();
  }

  /** Removes a subscription with all that is kept for it; false if there was none. */
  public Future<Boolean> remove(String name) {
    return onLoop(
        () -> {
          SubscriptionStore store = state.existing();
          if (store == null || find(store, name) == null) {
            return Future.succeededFuture(false);
          }
          store.remove(name);
          couriers.stop(name);
          return state.commit().map(true);
        });
  }

  /**
   * Dead letters above a position, as a JSON array; null if there is no such subscription.
   *
   * @param limit how many at most; fewer where they are large
   */
  public Future<@Nullable String> deadLetters(String name, long after, int limit) {
    return onLoop(() -> Future.succeededFuture(dead.page(name, after, limit)));
  }

  /**
   * Tries dead letters again, as if they had never been tried, but none whose event cannot be read.
   *
   * @param ids the events' ids; none means all
   * @return a future of how many, or of -1 if there is no such subscription, or it does not deliver
   *     yet; fails with {@link IllegalStateException} if it has expired
   */
  public Future<Integer> redeliver(String name, Set<String> ids) {
    return onLoop(
        () -> {
          if (state.isLost() || state.isClosed()) {
            throw unavailable(null);
          }
          return dead.redeliver(name, ids);
        });
  }

  /**
   * Deletes dead letters.
   *
   * @param ids the events' ids; none means all
   * @return a future of how many, or of -1 if there is no such subscription
   */
  public Future<Integer> deleteDeadLetters(String name, Set<String> ids) {
    return onLoop(() -> dead.delete(name, ids));
  }

  /** Figures for metrics. */
  public SubscriptionStatistics statistics() {
    return couriers.statistics();
  }

  private <T extends @Nullable Object> Future<T> onLoop(Callable<Future<T>> work) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(
        ignored -> {
          try {
            work.call().onComplete(done);
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return done.future().recover(failure -> Future.failedFuture(told(failure)));
  }

  private static Throwable told(Throwable failure) {
    return failure instanceof MVStoreException || failure instanceof UncheckedIOException
        ? unavailable(failure)
        : failure;
  }

  private static LogUnavailableException unavailable(@Nullable Throwable cause) {
    return new LogUnavailableException(
        "the subscriptions cannot be written or read at the moment", cause);
  }

  /** Delivers no more and keeps what is to be delivered. Calling it again does nothing. */
  @Override
  public void close() {
    try {
      onLoop(this::stop)
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("subscriptions did not stop cleanly: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    state.close();
  }

  private Future<Void> stop() {
    state.takeNoMore();
    couriers.stopAll();
    return Future.succeededFuture();
  }
}
