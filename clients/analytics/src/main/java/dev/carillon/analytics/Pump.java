package dev.carillon.analytics;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a backlog holds, one request at a time, so that operations keep their order. With a
 * spill it never gives up on what may still be accepted.
 */
final class Pump {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final Backlog backlog;
  private final BatchSender sender;
  private final Requests requests;
  private final boolean keepsTrying;
  private final Backoff pauses = Backoff.endless(FIRST_PAUSE);
  private final AtomicBoolean sending = new AtomicBoolean();
  private final AtomicBoolean alarmed = new AtomicBoolean();

  Pump(Backlog backlog, BatchSender sender, Requests requests, boolean keepsTrying) {
    this.backlog = backlog;
    this.sender = sender;
    this.requests = requests;
    this.keepsTrying = keepsTrying;
  }

  /** Looks whether there is something to send, now or later. */
  void wake() {
    long wait = backlog.nanosUntilDue(sender.maxBytes());
    if (wait == 0) {
      if (sending.compareAndSet(false, true)) {
        requests.threads().execute(this::send);
      }
    } else if (wait < Long.MAX_VALUE && alarmed.compareAndSet(false, true)) {
      requests.threads().later(wait, this::ring);
    }
  }

  private void ring() {
    alarmed.set(false);
    wake();
  }

  private void send() {
    deliver(backlog.take(sender.maxBytes()), pauses.waits());
  }

  private void deliver(List<Pending> operations, Backoff.Waits waits) {
    var unused =
        sender.deliver(operations).whenComplete((done, bug) -> delivered(operations, bug, waits));
  }

  private void delivered(List<Pending> operations, @Nullable Throwable bug, Backoff.Waits waits) {
    if (bug != null) {
      AnalyticsException failure = AnalyticsException.of(bug);
      operations.stream().filter(Pending::isUndecided).forEach(each -> each.failed(failure));
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
    } else {
      Duration pause = waits.after(Objects.requireNonNull(again.get(0).failure()));
      requests.threads().later(TimeUnit.NANOSECONDS.convert(pause), () -> deliver(again, waits));
    }
  }

  private boolean mayYetBeAccepted(Pending operation) {
    return keepsTrying && operation.isUndecided() && !backlog.isAbandoned();
  }
}
