package dev.carillon.eventbus;

import dev.carillon.core.SinkFullException;
import java.time.Clock;
import java.time.Duration;
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
  private final Clock clock;
  private volatile long lastReceive = NEVER;
  private volatile @Nullable Thread consumer;

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
    return toReceive.isClosed() && toReceive.size() == 0;
  }

  /** Starts handing events to callbacks; once. */
  void startConsumer(String name) {
    if (!toCallbacks.isClosed() && consuming.compareAndSet(false, true)) {
      Thread thread = new Thread(this::consume, name);
      thread.setDaemon(true);
      consumer = thread;
      thread.start();
    }
  }

  private void consume() {
    try {
      while (!toCallbacks.isClosed() || toCallbacks.size() > 0) {
        consumeOne();
      }
    } catch (InterruptedException e) {
      toCallbacks.close(); // closing did not wait any longer
    }
  }

  private void consumeOne() throws InterruptedException {
    try {
      Arrived<E> next = toCallbacks.poll(PATIENCE);
      T type = next == null ? null : encoding.typeOf(next.event());
      if (next != null && type != null) {
        taken.run();
        callbacks.call(type, next.event());
      }
    } catch (SinkFullException e) {
      callbacks.missed(e);
    }
  }

  /** Takes no more, and gives callbacks so long to handle what has come. */
  void close(Duration patience) {
    toReceive.close();
    toCallbacks.close();
    Thread running = consumer;
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    try {
      running.join(Math.max(1, patience.toMillis()));
      running.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
