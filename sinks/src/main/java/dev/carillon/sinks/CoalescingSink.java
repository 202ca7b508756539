package dev.carillon.sinks;

import dev.carillon.core.CallbackThreads;
import dev.carillon.core.Capabilities;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A sink around a sink that gathers events sent one by one into batches, which many transports send
 * at a fraction of the cost. Each event has its own receipt all the same.
 *
 * <p>A batch goes out on the thread of the sender who fills it, or once it is old enough. How many
 * events may be under way is for the sink inside to bound; its refusals come through the futures.
 * Batches keep the order of sending: one is handed on after the other, and while the one before it
 * is, other threads' events may still join a full one. Thread-safe; holds no thread.
 */
public final class CoalescingSink implements EventSink {

  private final EventSink sink;
  private final CoalescingPolicy policy;
  private final Executor afterMaxAge;
  private final ReentrantLock lane = new ReentrantLock(); // batches leave one after the other
  private final Object lock = new Object();
  private Gathered gathered = new Gathered();
  private boolean closed;

  /** Events that wait for company. */
  private static final class Gathered {
    final List<CloudEvent> events = new ArrayList<>();
    final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    long bytes;
  }

  /** Puts a policy around a sink. Closing this sink closes both. */
  public CoalescingSink(EventSink sink, CoalescingPolicy policy) {
    this.sink = sink;
    this.policy = policy;
    this.afterMaxAge =
        CompletableFuture.delayedExecutor(
            TimeUnit.NANOSECONDS.convert(policy.maxAge()),
            TimeUnit.NANOSECONDS,
            CallbackThreads.newPool("carillon-coalescing"));
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    if (event == null) {
      return CompletableFuture.failedFuture(new EventValidationException("event", "is missing"));
    }
    int size;
    try {
      CloudEventData data = event.getData();
      size = data == null ? 0 : data.toBytes().length;
    } catch (RuntimeException | Error e) { // of the data's own code
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    Gathered batch;
    boolean isFirst;
    boolean isFull;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(new SinkClosedException("the sink is closed", false));
      }
      batch = gathered;
      isFirst = batch.events.isEmpty();
      batch.events.add(event);
      batch.receipts.add(receipt);
      batch.bytes += size;
      isFull = batch.events.size() >= policy.maxEvents() || batch.bytes >= policy.maxBytes();
    }
    if (isFull) {
      sendOn(batch);
    } else if (isFirst) {
      afterMaxAge.execute(() -> sendOn(batch));
    }
    return receipt;
  }

  /** When this returns, the sink inside has this batch and all before it, whoever sent them on. */
  private void sendOn(Gathered batch) {
    CompletableFuture<List<Outcome>> sent;
    lane.lock();
    try {
      if (!take(batch)) {
        return;
      }
      sent = sink.sendAll(batch.events);
    } catch (RuntimeException | Error e) { // errors too: the receipts must complete
      sent = CompletableFuture.failedFuture(e);
    } finally {
      lane.unlock();
    }
    CompletableFuture<?> unused =
        sent.whenComplete((outcomes, error) -> settle(batch, outcomes, error));
  }

  private boolean take(Gathered batch) {
    synchronized (lock) {
      if (gathered != batch || batch.events.isEmpty()) {
        return false;
      }
      gathered = new Gathered();
      return true;
    }
  }

  private static void settle(
      Gathered batch, @Nullable List<Outcome> outcomes, @Nullable Throwable error) {
    for (int i = 0; i < batch.receipts.size(); i++) {
      CompletableFuture<Receipt> receipt = batch.receipts.get(i);
      Outcome outcome = outcomes != null && i < outcomes.size() ? outcomes.get(i) : null;
      if (outcome instanceof Outcome.Accepted accepted) {
        receipt.complete(accepted.receipt());
      } else if (outcome instanceof Outcome.Failed failed) {
        receipt.completeExceptionally(failed.error());
      } else {
        receipt.completeExceptionally(
            EventException.of(error == null ? new IllegalStateException("no outcome") : error));
      }
    }
  }

  /** Sends what is gathered, and then these, so that order is kept. */
  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    flush();
    return sink.sendAll(events);
  }

  /** Sends on what is gathered, now. */
  public void flush() {
    Gathered batch;
    synchronized (lock) {
      batch = gathered;
    }
    sendOn(batch);
  }

  @Override
  public Capabilities capabilities() {
    return sink.capabilities();
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    flush();
    sink.close();
  }
}
