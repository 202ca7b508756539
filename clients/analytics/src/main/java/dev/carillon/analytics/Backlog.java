package dev.carillon.analytics;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a buffer in order: those on their way, and behind them those that wait. Bounded
 * in number and bytes. Thread-safe.
 */
final class Backlog {

  private final BufferPolicy policy;
  private final @Nullable Spill spill;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Deque<Pending> waiting = new ArrayDeque<>();
  private final List<String> letGo = new ArrayList<>();
  private List<Pending> onTheWay = List.of();
  private long waitingBytes;
  private long bytesOnTheWay;
  private long added;
  private long released;
  private long announced;
  private long accepted;
  private long failed;
  private long urgent;
  private boolean closed;
  private boolean abandoned;

  Backlog(BufferPolicy policy, @Nullable Spill spill) {
    this.policy = policy;
    this.spill = spill;
    if (spill != null) {
      spill.recovered().forEach(this::enqueue);
      urgent = added;
    }
  }

  /**
   * Adds an operation at the end; with a spill it is on disk when this returns.
   *
   * @throws AnalyticsException if there is no room, or none any more
   */
  Pending add(Operation operation, String id, byte[] json) {
    lock.lock();
    try {
      if (closed) {
        throw closedException();
      }
      if (waiting.size() + onTheWay.size() >= policy.maxEvents()) {
        throw new BufferFullException("the buffer holds " + policy.maxEvents() + " events");
      }
      Pending pending = new Pending(operation, id, stored(json), json.length);
      enqueue(pending);
      return pending;
    } finally {
      lock.unlock();
    }
  }

  private Payload stored(byte[] json) {
    if (spill == null) {
      long held = waitingBytes + bytesOnTheWay;
      if (json.length > policy.maxBytes() - held) {
        throw new BufferFullException(
            "the buffer holds " + held + " bytes, of " + policy.maxBytes());
      }
      return () -> json;
    }
    try {
      return spill.append(json);
    } catch (IOException e) {
      throw AnalyticsException.unanswered("cannot write to the spill folder: " + e, true, e);
    }
  }

  private void enqueue(Pending pending) {
    waiting.add(pending);
    waitingBytes += pending.size();
    added++;
  }

  /** How long until something is to be sent: 0 for now, and for ever if nothing waits. */
  long nanosUntilDue(int batchBytes) {
    lock.lock();
    try {
      Pending oldest = waiting.peek();
      if (oldest == null) {
        return Long.MAX_VALUE;
      }
      boolean due =
          waiting.size() >= policy.batchEvents() || waitingBytes >= batchBytes || released < urgent;
      long age = System.nanoTime() - oldest.since();
      return due ? 0 : Math.max(0, TimeUnit.NANOSECONDS.convert(policy.maxAge()) - age);
    } finally {
      lock.unlock();
    }
  }

  /** The oldest operations, as many as fit into a request, which now are on their way. */
  List<Pending> take(int batchBytes) {
    lock.lock();
    try {
      List<Pending> batch = new ArrayList<>(Math.min(waiting.size(), policy.batchEvents()));
      long bytes = 0;
      for (Pending next = waiting.peek();
          next != null
              && batch.size() < policy.batchEvents()
              && (batch.isEmpty() || bytes + next.size() < batchBytes);
          next = waiting.peek()) {
        batch.add(waiting.remove());
        bytes += next.size() + 1;
        waitingBytes -= next.size();
        bytesOnTheWay += next.size();
      }
      onTheWay = batch;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** What was on its way has arrived, or never will: there is room again. */
  void release() {
    lock.lock();
    try {
      for (Pending pending : onTheWay) {
        if (pending.isAccepted()) {
          accepted++;
        } else {
          failed++;
        }
      }
      if (spill != null && !onTheWay.isEmpty()) {
        spill.release(onTheWay.get(onTheWay.size() - 1).payload());
      }
      released += onTheWay.size();
      onTheWay = List.of();
      bytesOnTheWay = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Everything released is known to those who asked. */
  void announce() {
    lock.lock();
    try {
      announced = released;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes everything that is here urgent; returns a mark to wait for. */
  long hurry() {
    lock.lock();
    try {
      urgent = added;
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether all was let go of. */
  boolean isAbandoned() {
    lock.lock();
    try {
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything up to a mark is settled, or the patience is over. */
  FlushReport await(long mark, long patienceNanos) {
    lock.lock();
    try {
      long left = patienceNanos;
      while (announced < mark && !abandoned && left > 0) {
        left = progress.awaitNanos(left);
      }
      return report(mark);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return report(mark);
    } finally {
      lock.unlock();
    }
  }

  private FlushReport report(long mark) {
    List<String> unsent = new ArrayList<>(letGo);
    for (Pending pending : onTheWay) {
      unsent.add(pending.id());
    }
    for (Pending pending : waiting) {
      unsent.add(pending.id());
    }
    long upToMark = Math.max(0, Math.min(unsent.size(), mark - released));
    return new FlushReport(accepted, failed, unsent.subList(0, (int) upToMark));
  }

  /** Everything that is here, and lets go of it; a spill keeps it. */
  List<Pending> abandon() {
    lock.lock();
    try {
      abandoned = true;
      List<Pending> rest = new ArrayList<>(onTheWay);
      rest.addAll(waiting);
      rest.forEach(pending -> letGo.add(pending.id()));
      waiting.clear();
      waitingBytes = 0;
      onTheWay = List.of();
      bytesOnTheWay = 0;
      progress.signalAll();
      if (spill != null) {
        spill.close();
      }
      return rest;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size() + onTheWay.size();
    } finally {
      lock.unlock();
    }
  }

  static AnalyticsException closedException() {
    return AnalyticsException.unanswered("the buffer is closed", false, null);
  }
}
