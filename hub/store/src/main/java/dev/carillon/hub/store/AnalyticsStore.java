package dev.carillon.hub.store;

import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Analytics events as versions, and the answers that they give. Only live events count in any
 * answer. Percentiles are exact and interpolated between neighbours; rates are between 0 and 1.
 *
 * <p>{@link #write}, {@link #prepare}, {@link #isWritable} and {@link #mend} block and are for one
 * thread, but for what {@link Prepared} says; {@link #position} blocks and is thread-safe; reads
 * are thread-safe, do not block, and fail with {@link LogFullException} when too many are waiting
 * or {@link LogUnavailableException}.
 */
public interface AnalyticsStore extends AutoCloseable {

  /**
   * How long updates wait for their create: a week, or the retention where that is shorter. It
   * counts from when they came, whatever their own age: an old topic may be read into a new store,
   * and its creates come a little later.
   *
   * @param retention how long events stay; zero keeps all
   */
  static Duration patience(Duration retention) {
    Duration week = Duration.ofDays(7);
    return retention.isZero() || retention.compareTo(week) > 0 ? week : retention;
  }

  /**
   * Carries out a batch's operations and notes its last position. What is carried out and the
   * position up to which it is become durable together: a batch that is written again, because it
   * failed, is carried out from there on.
   *
   * @return how many operations did what, with those of batches that failed half-way
   * @throws StoreBusyException if not all was written, and not for anything that the batch holds
   * @throws IOException if not all was written, as far as is known; the batch may be written again
   */
  Map<Effect, Integer> write(Batch batch) throws IOException;

  /**
   * Works out what batches of different sources do, to be written in one go while the next are
   * worked out; for a store that does the same again without harm.
   *
   * @param before what is being written meanwhile, and counts as written
   * @return empty if the store has no such way
   * @throws IOException if the store cannot be read
   */
  default Optional<Prepared> prepare(List<Batch> batches, List<Prepared> before)
      throws IOException {
    return Optional.empty();
  }

  /** How many {@link Prepared} may be written at a time, as things stand; does not block. */
  default int writesAtATime() {
    return 1;
  }

  /**
   * Batches that are worked out: to be written, then noted. Where either fails, each batch may be
   * written by itself.
   */
  interface Prepared {
    /**
     * Carries them out; blocks, on any thread, also while those that they count as written are
     * being written.
     *
     * @throws IOException if it is not known what was written
     */
    void write() throws IOException;

    /**
     * Notes their last positions; blocks. To be called once they are written, and those that they
     * count as written are noted; again if it failed.
     *
     * @return how many operations did what
     * @throws IOException if it is not known whether they were noted
     */
    Map<Effect, Integer> note() throws IOException;
  }

  /** Whether anything can be written at all, tried out; mends itself where it can. */
  boolean isWritable();

  /** Mends what hinders reads too; called now and then while nothing is written. */
  default void mend() {}

  /** The last position of a source that is written; 0 when there is none. */
  long position(String source) throws IOException;

  /** One event. */
  CompletableFuture<Optional<EventVersion>> find(UUID id);

  /** The events that match, ordered by creation, then id; at most as many as the limit. */
  CompletableFuture<List<EventVersion>> events(AnalyticsQuery query);

  /** The same, without those that come before an event in that order, and without itself. */
  CompletableFuture<List<EventVersion>> events(AnalyticsQuery query, EventVersion after);

  /** Errors by day and name, oldest day first, then by name; days without events are left out. */
  CompletableFuture<List<ErrorDay>> errors(AnalyticsQuery query);

  /** Latency by conversation and name, highest p95 first, then by conversation and name. */
  CompletableFuture<List<SessionLatency>> latency(AnalyticsQuery query);

  /** Errors by conversation, highest rate first, then most events, then by conversation. */
  CompletableFuture<List<SessionErrors>> topErrors(AnalyticsQuery query);

  /** Latency by conversation, highest p95 first, then by conversation. */
  CompletableFuture<List<SlowSession>> slowest(AnalyticsQuery query);

  /** Latency by name, in the names' order. */
  CompletableFuture<List<NameLatency>> latencyByName(AnalyticsQuery query);

  /**
   * Events over time by name, oldest first, then by name; buckets without events are left out.
   *
   * @param bucket the length of a bucket in whole seconds; buckets begin at multiples of it since
   *     1970-01-01T00:00Z
   */
  CompletableFuture<List<Bucket>> timeline(AnalyticsQuery query, Duration bucket);

  /** All that match, together. */
  CompletableFuture<Totals> totals(AnalyticsQuery query);

  /**
   * All that match, together, and then all that match from an earlier time up to the beginning of
   * the query's range; both of one moment.
   *
   * @param query has a range with a beginning, and an end, if any, behind it
   */
  CompletableFuture<List<Totals>> totals(AnalyticsQuery query, Instant earlier);

  /** Whether the store can be written and read now; looks at the storage. Does not block. */
  boolean isReady();

  /** Figures for metrics. */
  Stats stats();

  /** Lets go of the storage. */
  @Override
  void close();

  /** Errors of a name on a day, which begins and ends by UTC. */
  record ErrorDay(LocalDate date, String eventName, long errorCount, long totalCount) {}

  /** The 95th percentile of latency, in ms, of the events of one name in a conversation. */
  record SessionLatency(
      String conversationId, String eventName, double p95Latency, long eventCount) {}

  /** Errors of a conversation. */
  record SessionErrors(String conversationId, long totalEvents, long errorEvents) {
    /** The share of events that are errors. */
    public double errorRate() {
      return (double) errorEvents / totalEvents;
    }
  }

  /** Latency of a conversation's events, in ms. */
  record SlowSession(
      String conversationId,
      long eventCount,
      double p95Latency,
      double maxLatency,
      double totalLatency) {

    /** A sum that no double can hold is the largest. */
    public SlowSession {
      totalLatency = Math.min(totalLatency, Double.MAX_VALUE);
    }
  }

  /** Percentiles of latency, in ms; all 0 where there is no event. */
  record Percentiles(double p50, double p95, double p99) {}

  /** Latency of the events of one name, in ms. */
  record NameLatency(String eventName, long eventCount, Percentiles latency, double maxLatency) {}

  /** The events of one name in a stretch of time. */
  record Bucket(Instant from, String eventName, long events, long errors, Percentiles latency) {
    /** The share of events that are errors. */
    public double errorRate() {
      return (double) errors / events;
    }
  }

  /** Events altogether. */
  record Totals(long events, long errors, long conversations, Percentiles latency) {
    /** The share of events that are errors; 0 where there is no event. */
    public double errorRate() {
      return events == 0 ? 0 : (double) errors / events;
    }
  }

  /**
   * Figures of a store.
   *
   * @param retired versions that are no longer the newest and still there
   * @param compacted such versions removed since the store was opened
   * @param expired events removed since then because they were too old
   * @param rollUpLag versions that the prepared statistics do not have yet
   * @param sizeBytes what the store holds on disk, as far as is known
   */
  record Stats(long retired, long compacted, long expired, long rollUpLag, long sizeBytes) {}
}
