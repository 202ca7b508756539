package dev.carillon.hub.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The hub's append-only log of events. Every event has a position, which grows with the order of
 * arrival and serves as cursor; an event that is appended again (same source and id) is stored
 * once. A log may remove events some time after their arrival; who reads on from a position finds
 * what is left.
 *
 * <p>Thread-safe. No method blocks; futures complete on threads of the log, in bounded time.
 */
public interface EventLog extends AutoCloseable {

  /**
   * Appends events together.
   *
   * @param entries the events, at least one
   * @return a future that completes when all of them are on durable storage, or fails for all of
   *     them with {@link LogFullException} or {@link LogUnavailableException}; after a failure they
   *     are not acknowledged, yet some may be found in the log later
   */
  CompletableFuture<Void> append(List<LogEntry> entries);

  /**
   * Reads events; sees everything that was acknowledged before the call.
   *
   * @return a future of the matching events, or one failed with {@link LogFullException} when too
   *     many reads are waiting, or {@link LogUnavailableException}
   */
  CompletableFuture<Page> read(LogQuery query);

  /**
   * Reads what follows a position, in log order, for live streams: cheap near the end of the log,
   * and without waiting for events that are acknowledged but not yet readable.
   *
   * @param query its type, source and subjects, {@code after} and {@code limit} count; its other
   *     filters and {@code maxBytes} may be passed over
   */
  CompletableFuture<Page> follow(LogQuery query);

  /**
   * Finds one event; sees everything that was acknowledged before the call.
   *
   * @param id the event's id; of several events with this id and different sources, the first
   */
  CompletableFuture<Optional<StoredEvent>> find(String id);

  /** The position of the last event that was acknowledged; 0 when there is none. */
  long end();

  /**
   * Calls a listener each time more events can be followed, which is then at most a moment after
   * they were acknowledged; while nobody listens or reads, it can be seconds.
   *
   * @param listener called on a thread of the log: it must be quick and must not throw
   * @return stops the calls when closed
   */
  Listening onGrowth(Runnable listener);

  /** A listener that is called. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether events can be appended and read now; looks at the storage, not at a memory of it. */
  boolean isReady();

  /** Figures for metrics. */
  LogStats stats();

  /** Takes no more, makes readable what was acknowledged, and lets go of the storage. */
  @Override
  void close();
}
