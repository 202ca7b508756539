package dev.carillon.eventbus;

import dev.carillon.core.SinkFullException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Typed events that came: to be received by hand, and to be handed to callbacks by the consumer.
 * Both get every event that is for them, each through a queue of its own; a consumer that starts
 * late the latest that fit. Thread-safe.
 */
final class Inbox<E, T> {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
  private static final long NEVER = Long.MIN_VALUE / 2;

  /** How long after he did somebody is taken to go on receiving by hand. */
  private static final long GONE_MILLIS = 30_000;

  private final EventEncoding<E, T> encoding;
  private final Callbacks<E, T> callbacks;
  private final BoundedQueue<Arrived<E>> toReceive;
  private final BoundedQueue<Arrived<E>> toCallbacks;
  private final Counters counters;
  private final Runnable taken;
  private final AtomicBoolean consuming = new AtomicBoolean();
  private final CompletableFuture<Void> consumed = new CompletableFuture<>();
  private final Clock clock;
  private volatile long lastReceive = NEVER;
  private volatile @Nullable Thread consumer;
  private volatile boolean abandoned;

  /**
   * Creates an inbox.
   *
   * @param taken called whenever there is room again
   */
  Inbox(
      EventEncoding<E, T> encoding,
      Callbacks<E, T> callbacks,
      BusSettings settings,
      Counters counters,
      Runnable taken) {
    this.encoding = encoding;
    this.callbacks = callbacks;
    this.counters = counters;
    this.taken = taken;
    clock = settings.clock();
    toReceive = queue(settings, counters);
    toCallbacks = queue(settings, counters);
  }

  static <V> BoundedQueue<Arrived<V>> queue(BusSettings settings, Counters counters) {
    return new BoundedQueue<>(
        settings.receiveCapacity(),
        settings.receivePolicy(),
        dropped -> counters.droppedReceiving.increment());
  }

  /** Adds an event to a queue that has had room, or may drop it; for the I/O thread. */
  static <V> void add(BoundedQueue<Arrived<V>> queue, V event, int bytes, Counters counters) {
    if (queue.offer(new Arrived<>(event, bytes)) == BoundedQueue.Added.FULL) {
      counters.droppedReceiving.increment();
      queue.noteRefused();
    }
  }

  void deliver(E event, int bytes) {
    T type = encoding.typeOf(event);
    if (type != null && callbacks.hasAny(type)) {
      if (consuming.get()) {
        add(toCallbacks, event, bytes, counters);
      } else {
        toCallbacks.offerLatest(new Arrived<>(event, bytes)); // for a consumer that may never start
      }
    }
    if (isReceived()) {
      add(toReceive, event, bytes, counters);
    } else {
      toReceive.offerLatest(new Arrived<>(event, bytes));
    }
  }

  /**
   * Whether somebody receives by hand. Who has only callbacks does not, or not any more, and must
   * not be held up by a queue that nobody empties; the latest events are there all the same, should
   * he begin to.
   */
  private boolean isReceived() {
    return callbacks.isEmpty() || clock.millis() - lastReceive < GONE_MILLIS;
  }

  boolean hasRoom(int bytes) {
    return (!isReceived() || toReceive.hasRoom(bytes))
        && (!consuming.get() || toCallbacks.hasRoom(bytes));
  }

  int waiting() {
    return toReceive.size() + toCallbacks.size();
  }

  @Nullable E receive(Duration timeout) throws InterruptedException {
    lastReceive = clock.millis();
    Arrived<E> next = toReceive.poll(TimeUnit.NANOSECONDS.convert(timeout));
    lastReceive = clock.millis();
    if (next == null) {
      return null;
    }
    taken.run();
    return next.event();
  }

  /** Events as they come, until the stream or the inbox is closed. */
  Stream<E> listen() {
    lastReceive = clock.millis();
    return new Listening<>(this).stream();
  }

  boolean isOver() {
    return toReceive.isOver();
  }

  /** Starts handing events to callbacks; once. */
  void startConsumer(String name) {
    if (!toCallbacks.isOver() && consuming.compareAndSet(false, true)) {
      Thread thread = new Thread(this::consume, name);
      thread.setDaemon(true);
      consumer = thread;
      thread.start();
    }
  }

  private void consume() {
    try {
      while (!abandoned && !toCallbacks.isOver()) {
        consumeOne();
      }
    } catch (InterruptedException e) {
      end(); // nobody but a stop of the whole process interrupts this thread before it is abandoned
    } finally {
      consumed.complete(null);
    }
  }

  private void consumeOne() throws InterruptedException {
    try {
      Arrived<E> next = toCallbacks.poll(PATIENCE);
      T type = next == null ? null : encoding.typeOf(next.event());
      if (next != null && abandoned) {
        counters.droppedReceiving.increment();
      } else if (next != null && type != null) {
        taken.run();
        callbacks.call(type, next.event());
        boolean unused = Thread.interrupted(); // the callback's own affair: the next event comes
      }
    } catch (SinkFullException e) {
      callbacks.missed(e);
    }
  }

  /** Takes no more; what has come can still be received, and callbacks get it. */
  void end() {
    toReceive.close();
    toCallbacks.close();
  }

  /**
   * Takes no more, and gives callbacks so long to handle what has come; then the one that is
   * running is interrupted, and none is called any more. Waits also on an interrupted thread, but
   * not on that of a callback, after which the others get the rest.
   */
  void close(Duration patience) {
    end();
    Thread running = consumer;
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    consumed.copy().completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS).join();
    abandoned = true;
    List<Arrived<E>> left = new ArrayList<>();
    toCallbacks.drainTo(left, Integer.MAX_VALUE);
    counters.droppedReceiving.add(left.size());
    running.interrupt();
  }
}
