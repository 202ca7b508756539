package dev.carillon.hub.eventgrid;

import dev.carillon.core.SparingLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final SparingLog trouble = new SparingLog(log);
  private static final long COMMIT_MILLIS = 50;

  private final Vertx vertx;
  private final Path folder;
  private final Duration pause;
  private final Runnable onLoss;
  private final Runnable onReturn;
  private volatile @Nullable SubscriptionStore store;
  private boolean committing;
  private boolean lost;
  private volatile boolean closed;

  /**
   * @param pause how long to wait before a store that was lost is tried again
   * @param onLoss called when the store could not be written or opened; what was changed since the
   *     last commit is lost
   * @param onReturn called when it can be written again
   */
  KeptState(Vertx vertx, Path folder, Duration pause, Runnable onLoss, Runnable onReturn) {
    this.vertx = vertx;
    this.folder = folder;
    this.pause = pause;
    this.onLoss = onLoss;
    this.onReturn = onReturn;
  }

  /** The store if there is one, now or from before; null if nothing was ever kept. */
  @Nullable SubscriptionStore existing() {
    return store == null && SubscriptionStore.existsIn(folder) ? open() : store;
  }

  /**
   * The store, which is made where it is missing.
   *
   * @throws UncheckedIOException if it cannot be opened
   */
  SubscriptionStore open() {
    SubscriptionStore open = store;
    if (open == null) {
      try {
        open = SubscriptionStore.open(folder);
      } catch (IOException e) {
        trouble.warn(String.valueOf(e.getMessage()));
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
              trouble.warn("the subscriptions' state cannot be written: " + e);
              lose(open);
            });
  }

  private void lose(@Nullable SubscriptionStore broken) {
    if (store == broken && !closed) {
      store = null;
      close(broken);
      onLoss.run();
      if (!lost) {
        lost = true;
        tryLater();
      }
    }
  }

  private void tryLater() {
    vertx.setTimer(
        Math.max(1, pause.toMillis()),
        id -> {
          if (!closed) {
            prove().onComplete(written -> goOn(), failure -> tryLater());
          }
        });
  }

  private void goOn() {
    lost = false;
    onReturn.run();
  }

  /** Whether it was lost, and could not be written since. */
  boolean isLost() {
    return lost;
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
  private Future<Void> prove() {
    try {
      open().touch();
    } catch (RuntimeException e) {
      trouble.warn("the subscriptions' state cannot be read: " + e);
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
