package dev.carillon.analytics;

import dev.carillon.http.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call with all its attempts: waits for its turn, goes out, again if that can help and the
 * deadline allows it, and settles its result exactly once.
 *
 * @param <T> what is made of the answer
 */
final class Exchange<T> {

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final AtomicReference<@Nullable Outcome<T>> outcome = new AtomicReference<>();
  private final Requests requests;
  private final Object owner;
  private final Function<Answer, T> decode;
  private final Backoff.Waits waits;
  private final Duration patience;
  private final long deadline;
  private volatile @Nullable Future<?> alarm;
  private Call call;
  private boolean plainOnly;
  private volatile @Nullable CompletableFuture<Answer> wire;
  private volatile @Nullable AnalyticsException last;

  /** What the result is to be; the error if there is one. */
  private record Outcome<T>(@Nullable T value, @Nullable AnalyticsException error) {}

  /**
   * Creates one that has not begun.
   *
   * @param owner whoever may give it up
   */
  Exchange(
      Requests requests,
      Object owner,
      Call call,
      Backoff backoff,
      Function<Answer, T> decode,
      Duration patience) {
    this.requests = requests;
    this.owner = owner;
    this.call = call;
    this.decode = decode;
    this.patience = patience;
    waits = backoff.waits();
    deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
  }

  /** Watches the deadline from now on. */
  void arm() {
    Future<?> armed = requests.threads().after(left().toNanos(), () -> abort(late()));
    alarm = armed;
    if (isSettled()) {
      armed.cancel(false);
    }
  }

  private AnalyticsException late() {
    return unfinished("no success within " + patience);
  }

  private AnalyticsException unfinished(String reason) {
    AnalyticsException known = last;
    String before = known == null ? "" : "; before that: " + known.getMessage();
    String message = requests.transport().describe(call) + ": " + reason + before;
    return AnalyticsException.unanswered(message, true, known);
  }

  boolean isOf(Object someone) {
    return owner == someone;
  }

  /** Gives up, since its owner does not want it any more. */
  void giveUp(String reason) {
    abort(unfinished(reason));
  }

  private boolean isSettled() {
    return outcome.get() != null;
  }

  CompletableFuture<T> result() {
    return result;
  }

  int size() {
    return call.body().length;
  }

  /** Goes out. Called once, by whoever has taken a place in the window for it. */
  void start() {
    attempt();
  }

  private void attempt() {
    if (isSettled()) {
      return;
    }
    CompletableFuture<Answer> sent;
    try {
      if (plainOnly || requests.compression().isRefused()) { // perhaps only since it was compressed
        call = Compression.plain(call);
      }
      sent = requests.transport().send(call);
    } catch (RuntimeException | Error e) {
      settle(null, AnalyticsException.of(e));
      return;
    }
    wire = sent;
    var unused = sent.whenComplete(this::arrived);
    if (isSettled()) {
      sent.cancel(true);
    }
  }

  private void arrived(@Nullable Answer answer, @Nullable Throwable thrown) {
    if (isSettled()) {
      return;
    }
    if (answer == null) {
      failed(AnalyticsException.of(thrown == null ? new IllegalStateException() : thrown));
      return;
    }
    if (call.isCompressed() && Compression.isDoubted(answer)) {
      plainOnly = true;
      attempt();
      return;
    }
    if (plainOnly && answer.isSuccess()) {
      requests.compression().refuse();
    }
    if (!answer.isSuccess()) {
      failed(Refusals.of(requests.transport().describe(call), answer, requests.settings().clock()));
      return;
    }
    T value;
    try {
      value = decode.apply(answer);
    } catch (RuntimeException | Error e) { // such as no memory for it
      settle(null, unreadable(answer, e));
      return;
    }
    settle(value, null);
  }

  /** Trying again would have the same answer. */
  private AnalyticsException unreadable(Answer answer, Throwable why) {
    return new AnalyticsException(
        requests.transport().describe(call)
            + " was answered with what is no answer of the analytics service: "
            + why.getMessage(),
        answer.status(),
        answer.text(),
        false,
        null,
        why);
  }

  private void failed(AnalyticsException failure) {
    last = failure;
    Duration wait = failure.isRetryable() ? waits.after(failure) : null;
    if (wait == null || wait.compareTo(left()) >= 0) {
      settle(null, failure);
    } else {
      requests.threads().later(TimeUnit.NANOSECONDS.convert(wait), this::attempt);
    }
  }

  private Duration left() {
    return Duration.ofNanos(deadline - System.nanoTime());
  }

  /** Gives up, for this reason. */
  void abort(AnalyticsException reason) {
    settle(null, reason);
    CompletableFuture<Answer> current = wire;
    if (current != null) {
      current.cancel(true);
    }
  }

  /** Fails without ever having had a place. */
  void refuse(AnalyticsException reason) {
    outcome.compareAndSet(null, new Outcome<>(null, reason));
    complete();
  }

  private void settle(@Nullable T value, @Nullable AnalyticsException error) {
    if (!outcome.compareAndSet(null, new Outcome<>(value, error))) {
      return;
    }
    Future<?> armed = alarm;
    if (armed != null) {
      armed.cancel(false);
    }
    // first the next one's turn, since what the caller does with the result may take long
    requests.leave(this);
    complete();
    requests.forget(this);
  }

  /** Completes the result if it is settled; may be called by several threads. */
  void complete() {
    Outcome<T> settled = outcome.get();
    if (settled == null) {
      return;
    }
    if (settled.error != null) {
      result.completeExceptionally(settled.error);
    } else {
      result.complete(settled.value);
    }
  }
}
