package dev.carillon.hub.server;

import dev.carillon.hub.bus.BusMessage;
import dev.carillon.hub.bus.BusRecorder;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogEntry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what passes through the bus, on a thread of its own, as many events at a time as have
 * come. 20,000 events or 32 MiB may wait; what comes beyond is refused, and the bus counts it or
 * waits.
 *
 * <p>When the log refuses, those who wait for an answer are told; the other events stay and are
 * tried again until the log takes them, while what comes meanwhile fills the queue.
 */
final class BusArchive implements BusRecorder, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BusArchive.class);
  private static final int MAX_EVENTS = 20_000;
  private static final int MAX_BYTES = 32 << 20;
  private static final int BATCH = 1_000;
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long CLOSE_MILLIS = 2_000;

  private record Waiting(BusMessage message, Settlement settlement, Instant received) {}

  private record Ready(LogEntry entry, Waiting waiting) {}

  private final EventLog events;
  private final Metrics metrics;
  private final LongAdder malformed = new LongAdder();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread = new Thread(this::work, "carillon-bus-archive");
  private long bytes;
  private boolean closed;

  BusArchive(EventLog events, Metrics metrics) {
    this.events = events;
    this.metrics = metrics;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Events that could not be stored because they are none. */
  long malformed() {
    return malformed.sum();
  }

  /** Events that wait. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean offer(BusMessage message, Settlement settlement) {
    int size = message.payload().length;
    lock.lock();
    try {
      if (closed || queue.size() >= MAX_EVENTS || bytes + size > MAX_BYTES) {
        return false;
      }
      queue.add(new Waiting(message, settlement, Instant.now()));
      bytes += size;
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    List<Ready> ready = new ArrayList<>();
    try {
      while (take(ready)) {
        if (!ready.isEmpty() && !store(ready)) {
          pause();
        }
      }
    } catch (InterruptedException e) {
      log.warn("{} events of the bus were not stored", ready.size() + waiting());
    }
  }

  /** Waits for events, unless there are some left; false when all is done. */
  private boolean take(List<Ready> ready) throws InterruptedException {
    if (!ready.isEmpty()) {
      return true;
    }
    List<Waiting> taken = new ArrayList<>();
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closed) {
        changed.await();
      }
      for (int i = 0; i < BATCH && !queue.isEmpty(); i++) {
        Waiting next = queue.remove();
        bytes -= next.message.payload().length;
        taken.add(next);
      }
      if (taken.isEmpty()) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    taken.forEach(waiting -> read(waiting, ready));
    return true;
  }

  private void read(Waiting waiting, List<Ready> into) {
    Reading<LogEntry> reading;
    try {
      reading = BusEventReader.read(waiting.message, waiting.received);
    } catch (RuntimeException e) { // a fault here must cost one event, not all that follow
      log.error("an event of the bus could not be read", e);
      reading = Reading.wrong(List.of(new Violation("payload", "could not be read")));
    }
    LogEntry entry = reading.entry();
    if (entry != null) {
      into.add(new Ready(entry, waiting));
      return;
    }
    malformed.increment();
    String reason = Violation.text(reading.violations());
    log.debug("an event on {} was not stored: {}", waiting.message.topic(), reason);
    waiting.settlement.refused(reason, false);
  }

  /** Stores all of them, or keeps those that nobody will send again. */
  private boolean store(List<Ready> ready) {
    try {
      events.append(ready.stream().map(Ready::entry).toList()).join();
      metrics.received(ready.size());
      ready.forEach(each -> each.waiting.settlement.stored());
      ready.clear();
      return true;
    } catch (CompletionException e) {
      String reason =
          String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
      for (Iterator<Ready> all = ready.iterator(); all.hasNext(); ) {
        Waiting waiting = all.next().waiting;
        if (waiting.message.id() != null) {
          waiting.settlement.refused(reason, true);
          all.remove();
        }
      }
      return ready.isEmpty();
    }
  }

  private void pause() throws InterruptedException {
    long left = AGAIN_NANOS;
    lock.lockInterruptibly();
    try {
      while (left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stores what waits, for about two seconds at most. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(CLOSE_MILLIS);
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
