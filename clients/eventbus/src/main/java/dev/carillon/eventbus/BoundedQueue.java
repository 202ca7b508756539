package dev.carillon.eventbus;

import dev.carillon.core.SinkFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out queue that holds so many items and so many bytes, and does with more what
 * its policy says. Thread-safe.
 */
final class BoundedQueue<T extends Weighed> {

  private static final long MAX_BYTES = 64L << 20;

  private final int capacity;
  private final OverflowPolicy policy;
  private final Consumer<? super T> dropped;
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private long bytes;
  private long refused;
  private boolean closed;

  /**
   * Creates a queue.
   *
   * @param dropped hears of each item that a policy drops, without a lock held
   */
  BoundedQueue(int capacity, OverflowPolicy policy, Consumer<? super T> dropped) {
    this.capacity = capacity;
    this.policy = policy;
    this.dropped = dropped;
  }

  /** What became of an item. */
  enum Added {
    /** It is in the queue. */
    QUEUED,
    /** It was dropped, as the policy says. */
    DROPPED,
    /** There is no room. */
    FULL,
    /** The queue is closed. */
    CLOSED
  }

  /** Adds an item, as the policy says; {@code FULL} where that is to wait or to fail. */
  Added offer(T item) {
    List<T> victims = List.of();
    lock.lock();
    try {
      while (!closed && isFull(item)) {
        if (policy == OverflowPolicy.DROP_NEWEST) {
          victims = List.of(item);
          return Added.DROPPED;
        }
        if (policy != OverflowPolicy.DROP_OLDEST) {
          return Added.FULL;
        }
        victims = victims.isEmpty() ? new ArrayList<>(1) : victims;
        victims.add(take());
      }
      return add(item);
    } finally {
      lock.unlock();
      victims.forEach(dropped);
    }
  }

  /** Adds an item, making room by forgetting the oldest, which then does not count as dropped. */
  void offerLatest(T item) {
    lock.lock();
    try {
      while (!closed && isFull(item)) {
        take();
      }
      add(item);
    } finally {
      lock.unlock();
    }
  }

  /** Adds an item; waits for room if that is the policy. */
  Added put(T item, long nanos) throws InterruptedException {
    if (policy != OverflowPolicy.BLOCK) {
      return offer(item);
    }
    long left = nanos;
    lock.lock(); // where there is room, also an interrupted thread gets it
    try {
      while (!closed && isFull(item)) {
        if (left <= 0) {
          return Added.FULL;
        }
        left = notFull.awaitNanos(left);
      }
      return add(item);
    } finally {
      lock.unlock();
    }
  }

  /** One item is taken however large it is, so that it cannot be in the way for ever. */
  private boolean isFull(T item) {
    return items.size() >= capacity || (bytes + item.bytes() > MAX_BYTES && !items.isEmpty());
  }

  private Added add(T item) {
    if (closed) {
      return Added.CLOSED;
    }
    items.add(item);
    bytes += item.bytes();
    notEmpty.signal();
    return Added.QUEUED;
  }

  /** Notes that an item was refused, to be told by {@link #poll} after what is queued. */
  void noteRefused() {
    lock.lock();
    try {
      refused++;
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the first item, waiting for one if need be; null if none came, or the queue is closed and
   * empty.
   *
   * @throws SinkFullException if items were refused that would come now
   */
  @Nullable T poll(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (items.isEmpty() && refused == 0 && !closed && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      if (items.isEmpty() && refused > 0) {
        long lost = refused;
        refused = 0;
        throw new SinkFullException(
            "the receive queue was full at " + capacity + " events; " + lost + " are lost");
      }
      return take();
    } finally {
      lock.unlock();
    }
  }

  /** Moves up to so many items elsewhere; none is waited for. */
  void drainTo(Collection<? super T> into, int most) {
    lock.lock();
    try {
      for (int i = 0; i < most && !items.isEmpty(); i++) {
        into.add(take());
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("NullAway") // callers know whether there is one, or pass the null on
  private T take() {
    T first = items.poll();
    if (first != null) {
      bytes -= first.bytes();
      notFull.signal();
    }
    return first;
  }

  /** Takes the first item if it is such a one; null if it is not, or there is none. */
  @Nullable T takeIf(Predicate<? super T> such) {
    lock.lock();
    try {
      T first = items.peek();
      return first != null && such.test(first) ? take() : null;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether an item of so many bytes would go in. */
  boolean hasRoom(int more) {
    lock.lock();
    try {
      return items.size() < capacity && (bytes + more <= MAX_BYTES || items.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing is in it, and nothing more comes. */
  boolean isOver() {
    lock.lock();
    try {
      return closed && items.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what is in it can still be taken out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
