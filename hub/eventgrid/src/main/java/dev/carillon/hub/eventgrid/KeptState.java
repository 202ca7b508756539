package dev.carillon.hub.eventgrid;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of subscriptions, opened when it is first needed, and its commits: many changes share
 * one. Used on one event loop, but for {@link #close}.
 */
final class KeptState {

  private static final Logger log = LoggerFactory.getLogger(KeptState.class);
  private static final long COMMIT_MILLIS = 50;

  private final Vertx vertx;
  private final Path folder;
  private volatile @Nullable SubscriptionStore store;
  private boolean committing;
  private volatile boolean closed;

  KeptState(Vertx vertx, Path folder) {
    this.vertx = vertx;
    this.folder = folder;
  }

  /** The store if there is one, now or from before; null if nothing was ever kept. */
  @Nullable SubscriptionStore existing() {
    return store == null && SubscriptionStore.existsIn(folder) ? open() : store;
  }

  /** The store, which is made where it is missing. */
  SubscriptionStore open() {
    SubscriptionStore open = store;
    if (open == null) {
      try {
        open = SubscriptionStore.open(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      store = open;
    }
    return open;
  }

  void commitSoon() {
    if (!committing && !closed) {
      committing = true;
      vertx.setTimer(
          COMMIT_MILLIS,
          id -> {
            committing = false;
            commit();
          });
    }
  }

  /** Makes all changes durable; the future completes when they are. */
  Future<Void> commit() {
    SubscriptionStore open = store;
    if (open == null || closed) {
      return Future.succeededFuture();
    }
    return vertx
        .<Void>executeBlocking(
            () -> {
              open.commit();
              return null;
            })
        .onFailure(e -> log.error("the subscriptions' state cannot be written", e));
  }

  boolean isClosed() {
    return closed;
  }

  void takeNoMore() {
    closed = true;
  }

  /** Keeps what is not committed yet, and lets go of the file. */
  void close() {
    SubscriptionStore open = store;
    if (open != null) {
      open.close();
    }
  }
}
