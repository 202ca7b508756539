package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.hub.store.EventLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions to Event Grid topics: who is sent what, and what could not be delivered. While
 * there are none, it costs nothing. Thread-safe; futures complete on one event loop and fail with
 * {@link IllegalArgumentException} for what the caller got wrong.
 */
public final class Subscriptions implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
  private static final Duration CODE_LIFE = Duration.ofMinutes(5);
  private static final long COMMIT_MILLIS = 50;
  private static final int MOST = 1000;
  private static final int CLOSE_SECONDS = 3;

  private final Vertx vertx;
  private final Context loop;
  private final EventLog events;
  private final Path folder;
  private final boolean privateTargets;
  private final RetrySchedule schedule;
  private final List<SubscriptionRequest> listed;
  private final Webhook webhook;
  private final Map<String, Courier> couriers = new HashMap<>();
  private Handshake handshake;
  private @Nullable SubscriptionStore store;
  private EventLog.@Nullable Listening listening;
  private boolean committing;
  private boolean closed;

  private Subscriptions(
      Vertx vertx,
      EventLog events,
      EventGridSettings settings,
      Path folder,
      List<SubscriptionRequest> listed) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.events = events;
    this.folder = folder;
    this.privateTargets = settings.privateTargets();
    this.schedule = new RetrySchedule(settings.timeScale());
    this.listed = listed;
    this.webhook = new Webhook(vertx, privateTargets, schedule.requestTimeout());
    this.handshake = new Handshake(webhook, URI.create("http://localhost"));
  }

  /**
   * Reads what the settings list.
   *
   * @param folder where subscriptions are kept
   * @throws IOException with a text fit for a person, if the settings' file cannot be used
   */
  public static Subscriptions of(
      Vertx vertx, EventLog events, EventGridSettings settings, Path folder) throws IOException {
    List<SubscriptionRequest> listed = EventGridFile.read(settings.file()).subscriptions();
    for (SubscriptionRequest request : listed) {
      try {
        Subscription.of(request, settings.privateTargets());
      } catch (IllegalArgumentException e) {
        throw new IOException(
            settings.file() + ", subscription " + request.name() + ": " + e.getMessage(), e);
      }
    }
    return new Subscriptions(vertx, events, settings, folder, listed);
  }

  /**
   * Goes on with the subscriptions that there are, and adds those that the settings list.
   *
   * @param hub where webhooks that validate by hand reach this hub
   */
  public void start(URI hub) {
    onLoop(
            () -> {
              handshake = new Handshake(webhook, hub);
              if (SubscriptionStore.existsIn(folder)) {
                store().all().stream().filter(SubscriptionRecord::validated).forEach(this::deliver);
              }
              listed.forEach(this::addListed);
              return true;
            })
        .onFailure(e -> log.error("subscriptions cannot be started", e));
  }

  /** Tries until the webhook answers: it may start after the hub. */
  private void addListed(SubscriptionRequest request) {
    attempt(request, 1);
  }

  private void attempt(SubscriptionRequest request, int attempts) {
    put(request)
        .onFailure(
            e -> {
              log.warn("subscription {}: {}", request.name(), e.getMessage());
              long wait =
                  schedule.scaled(Duration.ofSeconds(Math.min(600, 5L << attempts))).toMillis();
              if (!closed) {
                vertx.setTimer(
                    Math.max(100, wait), id -> attempt(request, Math.min(attempts + 1, 7)));
              }
            });
  }

  /**
   * Adds a subscription or changes it, after asking the webhook whether it wants the events.
   *
   * @param name its name
   * @param json what is asked for
   * @return a future of the subscription, as JSON
   */
  public Future<String> put(String name, byte[] json) {
    SubscriptionRequest request;
    try {
      ObjectNode asked = EventGridFile.MAPPER.readValue(json, ObjectNode.class);
      asked.put("name", name);
      request = EventGridFile.MAPPER.treeToValue(asked, SubscriptionRequest.class);
    } catch (JsonProcessingException e) {
      return Future.failedFuture(new IllegalArgumentException(e.getOriginalMessage(), e));
    } catch (IOException e) {
      return Future.failedFuture(new IllegalArgumentException(e.getMessage(), e));
    }
    return put(request);
  }

  private Future<String> put(SubscriptionRequest request) {
    return onLoop(() -> Subscription.of(request, privateTargets))
        .compose(
            subscription -> {
              SubscriptionRecord known = store().find(subscription.name());
              if (known == null && store().all().size() >= MOST) {
                throw new IllegalArgumentException("there are " + MOST + " subscriptions already");
              }
              if (known != null
                  && known.validated()
                  && Subscription.of(known.request(), privateTargets)
                      .endpoint()
                      .equals(subscription.endpoint())) {
                return added(
                    new SubscriptionRecord(request, true, known.code(), known.codeUntil()));
              }
              return validate(request, subscription);
            });
  }

  private Future<String> validate(SubscriptionRequest request, Subscription subscription) {
    String code = UUID.randomUUID().toString();
    SubscriptionRecord open =
        new SubscriptionRecord(
            request, false, code, Instant.now().plus(schedule.scaled(CODE_LIFE)));
    SubscriptionRecord before = store().find(subscription.name());
    store().put(subscription.name(), open);
    return handshake
        .with(subscription, code)
        .compose(
            answer -> {
              SubscriptionRecord now = store().find(subscription.name());
              if (now != null && now.validated()) { // by its URL, while we waited
                return Future.succeededFuture(json(now));
              }
              if (answer == Handshake.Answer.ACCEPTED) {
                return added(open.accepted());
              }
              if (answer == Handshake.Answer.OPEN) {
                return added(open);
              }
              if (before == null) {
                store().remove(subscription.name());
              } else {
                store().put(subscription.name(), before);
              }
              throw new IllegalArgumentException(
                  "the webhook did not pass the validation handshake");
            });
  }

  private Future<String> added(SubscriptionRecord record) {
    String name = String.valueOf(record.request().name());
    SubscriptionStore known = store();
    known.put(name, record);
    known.saveCursor(name, known.cursor(name, events.end()));
    if (record.validated()) {
      deliver(record);
    }
    return commitNow().map(ignored -> json(record));
  }

  private void deliver(SubscriptionRecord record) {
    Subscription subscription = Subscription.of(record.request(), privateTargets);
    Courier courier =
        new Courier(
            vertx, loop, events, subscription, webhook, schedule, store(), this::commitSoon);
    Courier before = couriers.put(subscription.name(), courier);
    if (before != null) {
      before.stop();
    }
    if (listening == null) {
      listening = events.onGrowth(() -> loop.runOnContext(ignored -> grown()));
    }
    courier.start();
  }

  private void grown() {
    couriers.values().forEach(Courier::grown);
  }

  /**
   * Hears that a webhook's owner wants the events, by the URL of the validation event.
   *
   * @return a future of whether that was so
   */
  public Future<Boolean> validate(String name, String code) {
    return onLoop(
        () -> {
          SubscriptionRecord record = store == null ? null : store.find(name);
          boolean right =
              record != null
                  && Instant.now().isBefore(record.codeUntil())
                  && MessageDigest.isEqual(
                      record.code().getBytes(StandardCharsets.UTF_8),
                      code.getBytes(StandardCharsets.UTF_8));
          if (right && record != null && !record.validated()) {
            added(record.accepted());
          }
          return right;
        });
  }

  /** All subscriptions, as a JSON array. */
  public Future<String> list() {
    return onLoop(
        () -> {
          ArrayNode all = EventGridFile.MAPPER.createArrayNode();
          if (store != null) {
            store.all().forEach(record -> all.add(view(record)));
          }
          return all.toString();
        });
  }

  /** One subscription, as JSON; null if there is none of that name. */
  public Future<@Nullable String> find(String name) {
    return onLoop(
        () -> {
          SubscriptionRecord record = store == null ? null : store.find(name);
          return record == null ? null : json(record);
        });
  }

  private String json(SubscriptionRecord record) {
    return view(record).toString();
  }

  private ObjectNode view(SubscriptionRecord record) {
    ObjectNode view = EventGridFile.MAPPER.valueToTree(record.request());
    String name = String.valueOf(record.request().name());
    Instant expiry = record.request().expirationTimeUtc();
    boolean over = expiry != null && !Instant.now().isBefore(expiry);
    view.put(
        "provisioningState",
        over ? "Expired" : record.validated() ? "Succeeded" : "AwaitingManualAction");
    store().sizes(name).forEach(view::put);
    view.put("position", store().cursor(name, 0));
    return view;
  }

  /** Removes a subscription with all that is kept for it; false if there was none. */
  public Future<Boolean> remove(String name) {
    return onLoop(() -> store != null && store.find(name) != null)
        .compose(
            there -> {
              if (!there) {
                return Future.succeededFuture(false);
              }
              Courier courier = couriers.remove(name);
              if (courier != null) {
                courier.stop();
              }
              store().remove(name);
              return commitNow().map(true);
            });
  }

  /** Dead letters above a position, as a JSON array; null if there is no such subscription. */
  public Future<@Nullable String> deadLetters(String name, long after, int limit) {
    return onLoop(
        () ->
            store == null || store.find(name) == null
                ? null
                : SubscriptionStore.write(
                    SubscriptionStore.page(store.deliveries("dead", name), after, limit)));
  }

  /**
   * Tries dead letters again, as if they had never been tried.
   *
   * @param ids the events' ids; none means all
   * @return a future of how many, or of -1 if there is no such subscription, or it does not deliver
   */
  public Future<Integer> redeliver(String name, Set<String> ids) {
    return onLoop(
            () -> {
              Courier courier = couriers.get(name);
              if (courier == null) {
                return -1;
              }
              MVMap<Long, String> dead = store().deliveries("dead", name);
              return courier.redeliver(
                  SubscriptionStore.page(dead, -1, Integer.MAX_VALUE).stream()
                      .filter(
                          letter ->
                              ids.isEmpty() || ids.contains(letter.event().path("id").asText()))
                      .toList());
            })
        .compose(count -> count < 0 ? Future.succeededFuture(count) : commitNow().map(count));
  }

  private SubscriptionStore store() {
    SubscriptionStore open = store;
    if (open == null) {
      try {
        open = SubscriptionStore.open(folder);
      } catch (IOException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
      store = open;
    }
    return open;
  }

  private void commitSoon() {
    if (!committing && !closed) {
      committing = true;
      vertx.setTimer(
          COMMIT_MILLIS,
          id -> {
            committing = false;
            commitNow();
          });
    }
  }

  private Future<Boolean> commitNow() {
    SubscriptionStore open = store;
    if (open == null || closed) {
      return Future.succeededFuture(true);
    }
    return vertx
        .executeBlocking(
            () -> {
              open.commit();
              return true;
            })
        .onFailure(e -> log.error("the subscriptions' state cannot be written", e));
  }

  private <T extends @Nullable Object> Future<T> onLoop(Callable<T> work) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(
        ignored -> {
          try {
            done.complete(work.call());
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return done.future();
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
    SubscriptionStore open = store;
    if (open != null) {
      open.close();
    }
  }

  private boolean stop() {
    closed = true;
    if (listening != null) {
      listening.close();
    }
    couriers.values().forEach(Courier::stop);
    return true;
  }
}
