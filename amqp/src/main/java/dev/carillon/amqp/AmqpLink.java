package dev.carillon.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.resilience.Resilience;
import dev.carillon.resilience.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to a broker: connects, also when the broker comes later than the program,
 * and again each time the connection falls, with growing and randomly spread waits. It is its own
 * circuit breaker: once the attempts of the settings have failed, {@link #refusal} and {@link
 * #await} answer at once, until an attempt in the background succeeds. A broker that refuses by
 * rule (wrong password, no such virtual host) needs only one.
 *
 * <p>Thread-safe. Makes no thread and no connection before it is asked for one.
 */
public final class AmqpLink implements AutoCloseable {

  /** The size a message must stay below: what RabbitMQ takes before 4.0, unless told otherwise. */
  public static final int MESSAGE_BOUND = 128 << 20;

  static final Logger log = LoggerFactory.getLogger(AmqpLink.class);

  private static final Duration FOREVER = Duration.ofDays(3650);
  private static final int FAREWELL_SECONDS = 2;

  private final AmqpSettings settings;
  private final int messageBound;
  private final ExecutorService workers = Workers.newPool();
  private final ExecutorService connecting = Workers.newThread("carillon-amqp-link");
  private final Resilience retrying;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable Connection connection;
  private volatile @Nullable EventConnectionException refusal;
  private volatile long blockedSince;
  private volatile @Nullable ConnectionAttempt latest;
  private volatile boolean closed;
  private @Nullable EventConnectionException lastFailure;
  private long upSince;
  private int failures;
  private boolean started;

  /**
   * A link that connects on the first {@link #start} or {@link #await}, and takes messages of less
   * than 128 MiB.
   */
  public AmqpLink(AmqpSettings settings) {
    this(settings, MESSAGE_BOUND);
  }

  /**
   * A link that takes smaller messages only. Whoever made it tells of larger ones.
   *
   * @param messageBound a body of so many bytes or more ends the connection before it is read, see
   *     {@link Channels#endedByLargeMessage}, and goes back to its queue
   */
  public AmqpLink(AmqpSettings settings, int messageBound) {
    this.settings = settings;
    this.messageBound = messageBound;
    retrying =
        Resilience.builder()
            .retry(
                RetryPolicy.builder()
                    .maxAttempts(Integer.MAX_VALUE)
                    .delay(settings.retryDelay(), settings.maxRetryDelay())
                    .deadline(FOREVER)
                    .build())
            .executor(connecting)
            .build();
  }

  /** Begins to connect, if that has not begun; returns at once. */
  public void start() {
    lock.lock();
    try {
      if (started || closed) {
        return;
      }
      started = true;
    } finally {
      lock.unlock();
    }
    keepTrying(null);
  }

  /**
   * The connection, waited for if need be.
   *
   * @param nanos how long to wait at most
   * @throws EventConnectionException when the broker cannot be had, or not in time
   * @throws SinkClosedException when this link is closed
   */
  public Connection await(long nanos) {
    Connection up = connection;
    if (up != null) {
      return up;
    }
    start();
    long left = nanos;
    lock.lock();
    try {
      while (connection == null) {
        if (closed) {
          throw new SinkClosedException("the link to " + settings.url() + " is closed", false);
        }
        if (refusal != null || left <= 0) {
          throw notConnected(refusal == null ? lastFailure : refusal);
        }
        left = changed.awaitNanos(left);
      }
      return connection;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notConnected(lastFailure);
    } finally {
      lock.unlock();
    }
  }

  private EventConnectionException notConnected(@Nullable EventConnectionException why) {
    String message =
        why == null ? "not connected to " + settings.url() : String.valueOf(why.getMessage());
    return new EventConnectionException(message, false, why);
  }

  /** Why the broker cannot be had; null while there is hope, or a connection. Costs nothing. */
  public @Nullable EventConnectionException refusal() {
    EventConnectionException known = refusal;
    return known == null ? null : notConnected(known);
  }

  /** Whether there is a connection. */
  public boolean isUp() {
    return connection != null;
  }

  /** For how long the broker has asked to publish nothing, in nanoseconds; -1 if it does not. */
  public long blockedNanos() {
    long since = blockedSince;
    return since == 0 ? -1 : System.nanoTime() - since;
  }

  /** Cuts the connection without farewell, since its peer is no longer there, and connects anew. */
  public void cut(String why) {
    ConnectionAttempt made = latest;
    if (made != null && connection != null) {
      log.warn("cutting the connection to {}: {}", settings.url(), why);
      made.cut();
    }
  }

  private void keepTrying(@Nullable EventConnectionException first) {
    AtomicReference<@Nullable EventConnectionException> known = new AtomicReference<>(first);
    CompletableFuture<Connection> unused =
        retrying.call(
            () -> {
              EventConnectionException failure = known.getAndSet(null);
              return failure == null
                  ? CompletableFuture.supplyAsync(this::connect, connecting)
                  : CompletableFuture.failedFuture(failure);
            });
  }

  private Connection connect() {
    ConnectionAttempt attempt = new ConnectionAttempt(settings, messageBound, workers);
    latest = attempt;
    if (closed) {
      throw new SinkClosedException("the link to " + settings.url() + " is closed", false);
    }
    try {
      Connection made = attempt.connect();
      adopt(made);
      return made;
    } catch (Throwable e) { // errors too: whatever happens, the trying goes on
      attempt.cut();
      throw failed(attempt.failure(e), ConnectionAttempt.isRefusal(e));
    }
  }

  private void adopt(Connection made) throws IOException {
    made.addBlockedListener(reason -> blocked(made, reason), () -> blockedSince = 0);
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the link is closed");
      }
      connection = made;
      blockedSince = 0;
      refusal = null;
      lastFailure = null;
      failures = 0;
      upSince = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    log.info("connected to {}", settings.url());
    made.addShutdownListener(cause -> lost(made, cause)); // is called at once if it fell already
  }

  private EventConnectionException failed(EventConnectionException failure, boolean refused) {
    lock.lock();
    try {
      failures++;
      lastFailure = failure;
      if (failures == 1 && !closed) {
        log.warn("{}; trying again", failure.getMessage());
      }
      if (refused || failures > settings.retryAttempts()) {
        refusal = failure;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return failure;
  }

  private void lost(Connection fallen, ShutdownSignalException cause) {
    String message =
        "the connection to " + settings.url() + " fell: " + ConnectionAttempt.reason(cause);
    EventConnectionException failure = new EventConnectionException(message, true, cause);
    boolean large = ConnectionAttempt.isLargeMessage(cause);
    boolean shortLived;
    lock.lock();
    try {
      if (connection != fallen) {
        return;
      }
      connection = null;
      blockedSince = 0;
      lastFailure = failure;
      shortLived = System.nanoTime() - upSince < settings.retryDelay().toNanos();
      changed.signalAll();
      if (closed) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (large && messageBound < MESSAGE_BOUND) {
      log.debug("{}", message);
    } else {
      log.warn("{}; connecting again", message);
    }
    // a broker that cuts at once gets its pause, and who wants another link for large messages
    keepTrying(large || shortLived ? failure : null);
  }

  private void blocked(Connection by, String reason) {
    long since = System.nanoTime() | 1;
    blockedSince = since;
    log.warn("{} has blocked publishing: {}", settings.url(), reason);
    CompletableFuture.delayedExecutor(
            settings.blockedConnectionTimeout().toNanos(), TimeUnit.NANOSECONDS, workers)
        .execute(
            () -> {
              if (blockedSince == since && connection == by) {
                cut("blocked for " + settings.blockedConnectionTimeout());
              }
            });
  }

  /** Says farewell for at most two seconds and lets go. Calling it again does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    retrying.close();
    Connection open = connection;
    if (open != null) {
      farewell(open);
    }
    ConnectionAttempt attempt = latest;
    if (attempt != null) {
      attempt.cut();
    }
    connecting.shutdown();
    workers.shutdown();
  }

  private void farewell(Connection open) {
    try {
      CompletableFuture.runAsync(
              () -> open.abort((int) TimeUnit.SECONDS.toMillis(FAREWELL_SECONDS)), connecting)
          .get(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.debug("{} did not take the farewell", settings.url(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
