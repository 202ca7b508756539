package dev.carillon.analytics;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
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
  private List<Unsent> letGo = List.of();
  private List<Pending> onTheWay = List.of();
  private List<Pending> untold = List.of();
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

  /**
   * An operation that nobody has accepted or refused yet.
   *
   * @param number how many were added before it
   */
  private record Unsent(long number, String id) {}

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
      accepted += onTheWay.stream().filter(Pending::isAccepted).count();
      failed += onTheWay.stream().filter(pending -> !pending.isAccepted()).count();
      if (spill != null && !onTheWay.isEmpty()) {
        spill.release(onTheWay.get(onTheWay.size() - 1).payload());
      }
      released += onTheWay.size();
      untold = onTheWay;
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
      untold = List.of();
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

  /** What became of all so far, and which of those before a mark nobody knows about. */
  FlushReport report(long mark) {
    lock.lock();
    try {
      List<String> unsent =
          unsent().stream().filter(each -> each.number < mark).map(Unsent::id).toList();
      return new FlushReport(accepted + decided(true), failed + decided(false), unsent);
    } finally {
      lock.unlock();
    }
  }

  private List<Unsent> unsent() {
    List<Unsent> unsent = new ArrayList<>(letGo);
    List<Pending> here = here();
    long first = added - here.size();
    for (int i = 0; i < here.size(); i++) {
      if (here.get(i).isUndecided()) {
        unsent.add(new Unsent(first + i, here.get(i).id()));
      }
    }
    return unsent;
  }

  private List<Pending> here() {
    List<Pending> here = new ArrayList<>(onTheWay);
    here.addAll(waiting);
    return here;
  }

  /** How many that are on their way were accepted, or refused. */
  private long decided(boolean accepting) {
    return onTheWay.stream()
        .filter(pending -> !pending.isUndecided() && pending.isAccepted() == accepting)
        .count();
  }

  /** The last operation on its way before which, itself included, none is undecided. */
  private Optional<Pending> decidedAtFirst() {
    return onTheWay.stream()
        .takeWhile(pending -> !pending.isUndecided())
        .reduce((before, pending) -> pending);
  }

  /**
   * Everything whose future may be open, and lets go of it; a spill keeps it, and with it what was
   * decided behind something that was not.
   */
  List<Pending> abandon() {
    lock.lock();
    try {
      abandoned = true;
      List<Pending> rest = new ArrayList<>(untold);
      rest.addAll(here());
      letGo = unsent();
      accepted += decided(true);
      failed += decided(false);
      if (spill != null) {
        decidedAtFirst().ifPresent(last -> spill.release(last.payload()));
        spill.close();
      }
      waiting.clear();
      waitingBytes = 0;
      onTheWay = List.of();
      bytesOnTheWay = 0;
      progress.signalAll();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size() + (int) onTheWay.stream().filter(Pending::isUndecided).count();
    } finally {
      lock.unlock();
    }
  }

  static AnalyticsException closedException() {
    return AnalyticsException.unanswered("the buffer is closed", false, null);
  }
}
