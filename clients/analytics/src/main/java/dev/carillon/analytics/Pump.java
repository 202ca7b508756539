package dev.carillon.analytics;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a backlog holds, one request at a time, so that operations keep their order. With a
 * spill it never gives up on what may still be accepted.
 */
final class Pump {

  private static final System.Logger log = System.getLogger(Pump.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final Backlog backlog;
  private final BatchSender sender;
  private final Requests requests;
  private final boolean keepsTrying;
  private final Backoff pauses = Backoff.endless(FIRST_PAUSE);
  private final AtomicBoolean sending = new AtomicBoolean();
  private final AtomicBoolean alarmed = new AtomicBoolean();
  private volatile boolean stopped;
  private volatile long nextWarning = System.nanoTime();

  Pump(Backlog backlog, BatchSender sender, Requests requests, boolean keepsTrying) {
    this.backlog = backlog;
    this.sender = sender;
    this.requests = requests;
    this.keepsTrying = keepsTrying;
  }

  /** Looks whether there is something to send, now or later. */
  void wake() {
    long wait = stopped ? Long.MAX_VALUE : backlog.nanosUntilDue(sender.maxBytes());
    if (wait == 0) {
      if (sending.compareAndSet(false, true)) {
        start();
      }
    } else if (wait < Long.MAX_VALUE && alarmed.compareAndSet(false, true)) {
      requests.threads().later(wait, this::ring);
    }
  }

  private void start() {
    try {
      requests.threads().execute(this::send);
    } catch (RuntimeException | Error e) { // there may be a thread for it later
      sending.set(false);
      throw e;
    }
  }

  /** Sends nothing more, and gives up what is under way. */
  void stop() {
    stopped = true;
    sender.stop();
  }

  private void ring() {
    alarmed.set(false);
    wake();
  }

  private void send() {
    deliver(backlog.take(sender.maxBytes()), pauses.waits());
  }

  private void deliver(List<Pending> operations, Backoff.Waits waits) {
    if (stopped) {
      return;
    }
    CompletableFuture<Void> outcome;
    try {
      outcome = sender.deliver(operations);
    } catch (RuntimeException | Error e) {
      outcome = CompletableFuture.failedFuture(e);
    }
    var unused = outcome.whenComplete((done, bug) -> delivered(operations, bug, waits));
  }

  private void delivered(List<Pending> operations, @Nullable Throwable bug, Backoff.Waits waits) {
    if (bug != null) {
      AnalyticsException failure = AnalyticsException.of(bug);
      operations.stream().filter(Pending::isUndecided).forEach(each -> each.failed(failure));
    }
    if (stopped) {
      return; // closing the buffer tells what became of them
    }
    List<Pending> again = operations.stream().filter(this::mayYetBeAccepted).toList();
    if (again.isEmpty()) {
      backlog.release();
    }
    operations.stream().filter(operation -> !again.contains(operation)).forEach(Pending::settle);
    if (again.isEmpty()) {
      backlog.announce();
      sending.set(false);
      wake();
    } else if (!requests.isClosed()) { // else closing the buffer lets go of them
      AnalyticsException failure = Objects.requireNonNull(again.get(0).failure());
      warn(again, failure);
      Duration pause = waits.after(failure);
      requests.threads().later(TimeUnit.NANOSECONDS.convert(pause), () -> deliver(again, waits));
    }
  }

  /** At most once a minute: a service may be away for long. */
  private void warn(List<Pending> again, AnalyticsException failure) {
    long now = System.nanoTime();
    if (now - nextWarning >= 0) {
      nextWarning = now + TimeUnit.NANOSECONDS.convert(QUIET);
      log.log(
          System.Logger.Level.WARNING,
          "{0} operations and those behind them are sent again later, since event {1} failed: {2}",
          again.size(),
          again.get(0).id(),
          failure.getMessage());
    }
  }

  private boolean mayYetBeAccepted(Pending operation) {
    return keepsTrying && operation.isUndecided();
  }
}
