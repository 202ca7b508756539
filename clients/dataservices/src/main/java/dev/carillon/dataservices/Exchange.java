package dev.carillon.dataservices;

import dev.carillon.core.EventException;
import dev.carillon.http.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way: waits for its turn, goes out, and settles its result exactly once.
 *
 * @param <T> what is made of the answer
 */
final class Exchange<T> {

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final AtomicReference<@Nullable EventException> aborted = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> delivery = new AtomicReference<>();
  private final Requests requests;
  private final Function<Answer, T> decode;
  private final long acceptedAt = System.nanoTime();
  private volatile Call call;
  private volatile long startedAt;
  private volatile @Nullable CompletableFuture<Answer> wire;
  private int statusCompressed;

  Exchange(Requests requests, Call call, Function<Answer, T> decode) {
    this.requests = requests;
    this.call = call;
    this.decode = decode;
  }

  CompletableFuture<T> result() {
    return result;
  }

  int size() {
    return call.body().length;
  }

  /** What is being asked of whom, for messages. */
  String what() {
    return call.method() + " " + requests.transport().display() + call.path();
  }

  long waitedNanos(long now) {
    return now - acceptedAt;
  }

  long runningNanos(long now) {
    long started = startedAt;
    return started == 0 ? 0 : now - started;
  }

  /** Goes out. Called once, by whoever has taken a place in the window for it. */
  void start() {
    startedAt = System.nanoTime();
    attempt();
  }

  private void attempt() {
    if (aborted.get() != null) {
      return;
    }
    CompletableFuture<Answer> sent;
    try {
      sent = requests.transport().send(call);
    } catch (RuntimeException | Error e) {
      sent = CompletableFuture.failedFuture(EventException.unsent(e));
    }
    wire = sent;
    var unused = sent.whenCompleteAsync(this::arrived, requests.async());
    if (aborted.get() != null) {
      sent.cancel(true);
    }
  }

  private void arrived(@Nullable Answer received, @Nullable Throwable thrown) {
    if (received == null) {
      EventException reason = aborted.get();
      settle(
          null,
          reason != null
              ? reason
              : NetworkErrors.of(what(), thrown == null ? new IllegalStateException() : thrown));
      return;
    }
    try {
      Answer answer = Compression.decoded(received, call.maxAnswerBytes());
      if (call.isCompressed() && Compression.isDoubted(answer)) {
        statusCompressed = answer.status();
        call = Compression.plain(call);
        attempt();
        return;
      }
      if (statusCompressed != 0) {
        requests.compression().repeated(statusCompressed, answer);
      }
      settle(decode.apply(answer), null);
    } catch (RuntimeException | Error e) {
      settle(null, EventException.of(e));
    }
  }

  /** Gives up on the answer, for this reason; the result is complete when this returns. */
  void abort(EventException reason) {
    aborted.compareAndSet(null, reason);
    CompletableFuture<Answer> current = wire;
    if (current != null) {
      current.cancel(true);
    }
    settle(null, reason);
    Runnable known = delivery.get();
    if (known != null) {
      known.run(); // another thread may have settled it and not come to deliver it yet
    }
  }

  /** Fails without ever having gone out. */
  void refuse(EventException reason) {
    result.completeExceptionally(reason);
  }

  private void settle(@Nullable T value, @Nullable EventException error) {
    Runnable deliver =
        error != null ? () -> result.completeExceptionally(error) : () -> result.complete(value);
    if (delivery.compareAndSet(null, deliver)) {
      // first the next one's turn, since what the caller does with the result may take long
      requests.leaveWire();
      deliver.run();
      requests.forget(this);
    }
  }
}
