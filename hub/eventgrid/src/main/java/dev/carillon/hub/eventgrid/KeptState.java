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
 * one. A store that could not be written or synced is closed, by itself or here; it is opened anew
 * then, and is as it was after its last commit. Used on one event loop, but for {@link #close}.
 */
final class KeptState {

  private static final Logger log = LoggerFactory.getLogger(KeptState.class);
  private static final long COMMIT_MILLIS = 50;

  private final Vertx vertx;
  private final Path folder;
  private final Runnable onLoss;
  private volatile @Nullable SubscriptionStore store;
  private boolean committing;
  private volatile boolean closed;

  /**
   * @param onLoss called when the store could not be written or opened; what was changed since the
   *     last commit is lost
   */
  KeptState(Vertx vertx, Path folder, Runnable onLoss) {
    this.vertx = vertx;
    this.folder = folder;
    this.onLoss = onLoss;
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
        .onFailure(
            e -> {
              log.error("the subscriptions' state cannot be written", e);
              lose(open);
            });
  }

  private void lose(@Nullable SubscriptionStore broken) {
    if (store == broken && !closed) {
      store = null;
      close(broken);
      onLoss.run();
    }
  }

  /** One that could not be synced is still open, and writes once more. */
  private static void close(@Nullable SubscriptionStore broken) {
    try {
      if (broken != null) {
        broken.close();
      }
    } catch (RuntimeException e) {
      log.debug("closing a store that failed", e);
    }
  }

  /** Opens the store again, and finds out whether it can be written. */
  Future<Void> prove() {
    try {
      open().touch();
    } catch (RuntimeException e) {
      log.error("the subscriptions' state cannot be read", e);
      lose(store);
      return Future.failedFuture(e);
    }
    return commit();
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
