package dev.carillon.memory;

import dev.carillon.core.EventException;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventSource;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Ranges;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import dev.carillon.core.Subscription;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A bus in memory: every event goes to each subscription whose filter lets it through, in the order
 * in which the bus took it, and to nobody if there is none.
 *
 * <p>Receipts say {@link Guarantee#QUEUED}: the event is in a queue of this process, its handlers
 * have not answered for it, and it ends with the process. Each subscription has a bounded queue;
 * when one of those that want an event is full, the event goes to none of them and the sender gets
 * {@link SinkFullException}. The same event sent twice is delivered twice.
 *
 * <p>Thread-safe. Starts threads only while handlers have work, at most one for each subscription.
 */
public final class MemoryBus implements AutoCloseable {

  private final int capacity;
  private final int maxEventBytes;
  private final Clock clock;
  private final ExecutorService threads = Executors.newCachedThreadPool(MemoryBus::thread);
  private final List<MemorySubscription> subscriptions = new ArrayList<>();
  private boolean closed;

  private MemoryBus(Builder builder) {
    capacity = builder.capacity;
    maxEventBytes = builder.maxEventBytes;
    clock = builder.clock;
  }

  /** A bus with every default. */
  public static MemoryBus ofDefaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A new sink into this bus; closing it leaves the bus open. */
  public EventSink sink() {
    return new MemorySink(this);
  }

  /** A new source from this bus; closing it ends its own subscriptions and leaves the bus open. */
  public EventSource source() {
    return new MemorySource(this);
  }

  /**
   * Takes no more events and ends every subscription; events still queued are dropped. Calling it
   * again does nothing.
   */
  @Override
  public void close() {
    List<MemorySubscription> running;
    synchronized (subscriptions) {
      closed = true;
      running = List.copyOf(subscriptions);
    }
    running.forEach(Subscription::close);
    threads.shutdown();
  }

  int maxEventBytes() {
    return maxEventBytes;
  }

  /**
   * Takes one event.
   *
   * @throws EventException if it is not valid, a queue is full, or the bus is closed
   */
  Receipt publish(@Nullable CloudEvent event) {
    if (event == null) {
      throw new EventValidationException("event", "is missing");
    }
    CloudEventData data = event.getData();
    int bytes = data == null ? 0 : data.toBytes().length;
    if (bytes > maxEventBytes) {
      throw new EventValidationException(
          "data", "has " + bytes + " bytes, more than the " + maxEventBytes + " allowed");
    }
    synchronized (subscriptions) {
      if (closed) {
        throw new SinkClosedException("the bus is closed", false);
      }
      List<MemorySubscription> wanting =
          subscriptions.stream().filter(subscription -> subscription.wants(event)).toList();
      if (wanting.stream().anyMatch(MemorySubscription::isFull)) {
        throw new SinkFullException("a subscription's queue is full at " + capacity + " events");
      }
      wanting.forEach(subscription -> subscription.add(event));
    }
    return new Receipt(event.getId(), Guarantee.QUEUED, clock.instant());
  }

  MemorySubscription subscribe(EventFilter filter, EventHandler handler) {
    synchronized (subscriptions) {
      if (closed) {
        throw new SinkClosedException("the bus is closed", false);
      }
      MemorySubscription subscription =
          new MemorySubscription(filter, handler, capacity, threads, this::unsubscribe);
      subscriptions.add(subscription);
      return subscription;
    }
  }

  private void unsubscribe(MemorySubscription subscription) {
    synchronized (subscriptions) {
      subscriptions.remove(subscription);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "carillon-memory");
    thread.setDaemon(true);
    return thread;
  }

  /** Builds a {@link MemoryBus}. Not thread-safe. */
  public static final class Builder {
    private int capacity = 10_000;
    private int maxEventBytes = 1 << 20;
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /** How many events may wait for each subscription; default 10,000. */
    public Builder capacity(int events) {
      Ranges.atLeast("capacity", events, 1);
      capacity = events;
      return this;
    }

    /** How large the data of one event may be, in bytes; default 1 MiB. */
    public Builder maxEventBytes(int bytes) {
      Ranges.atLeast("maxEventBytes", bytes, 1);
      maxEventBytes = bytes;
      return this;
    }

    /** Where receipts get their time; default the system's clock. */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /** The bus. */
    public MemoryBus build() {
      return new MemoryBus(this);
    }
  }
}
