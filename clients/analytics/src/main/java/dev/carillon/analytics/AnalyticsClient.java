package dev.carillon.analytics;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Tracks the events of conversations and asks how the product is doing. Every method waits; {@link
 * #async()} has the same methods without waiting, and {@link #openBuffer} tracks in the background,
 * many events a request.
 *
 * <p>Thread-safe; one client serves a whole application and reuses its connections. Requests are
 * tried again after 408, 429, 5xx and failures of the network, up to {@code maxRetries} times and
 * within the {@code deadline}. Events have their id from here, so that the Carillon hub keeps an
 * event once however often its request was repeated.
 *
 * <p>Failures are {@link AnalyticsException}s: {@link AnalyticsValidationException} before anything
 * is sent or for a 400 or 422, {@link AnalyticsNotFoundException} for a 404, and otherwise one with
 * the status and body of the answer. After {@link #close()} every method fails, but that {@code
 * healthCheck} and {@code waitUntilReady} answer false.
 */
public final class AnalyticsClient implements AutoCloseable {

  private final Requests requests;
  private final AsyncAnalyticsClient async;
  private final Set<EventBuffer> buffers = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  AnalyticsClient(ClientSettings settings) {
    requests = new Requests(settings);
    async = new AsyncAnalyticsClient(requests);
  }

  /**
   * A client with every default.
   *
   * @param baseUrl where the service is, with or without a path and a trailing slash
   * @throws IllegalArgumentException if it is no http or https URL
   */
  public static AnalyticsClient of(String baseUrl) {
    return builder().baseUrl(baseUrl).build();
  }

  /** Starts a client. */
  public static AnalyticsClientBuilder builder() {
    return new AnalyticsClientBuilder();
  }

  /** The same methods without waiting. */
  public AsyncAnalyticsClient async() {
    return async;
  }

  /** Opens a buffer with every default: {@link #openBuffer(BufferPolicy)}. */
  public EventBuffer openBuffer() {
    return openBuffer(BufferPolicy.ofDefaults());
  }

  /**
   * Opens a buffer that tracks in the background, and sends what its spill folder holds.
   *
   * @throws java.io.UncheckedIOException if its spill folder cannot be used, or is used by another
   */
  public EventBuffer openBuffer(BufferPolicy policy) {
    if (closed) {
      throw Requests.closedException();
    }
    EventBuffer buffer = EventBuffer.open(requests, policy, buffers::remove);
    buffers.add(buffer);
    if (closed) { // meanwhile, perhaps without this one
      buffer.close(Duration.ZERO);
      throw Requests.closedException();
    }
    return buffer;
  }

  /**
   * Tracks an event.
   *
   * @return its id, under which it can be updated, deleted and read
   */
  public String trackEvent(TrackedEvent event) {
    return await(async.trackEvent(event));
  }

  /** Changes what an update gives of an event; the rest stays as it is. */
  public Acceptance updateEvent(String eventId, EventUpdate update) {
    return await(async.updateEvent(eventId, update));
  }

  /** Deletes an event; the service keeps it, and shows it to nobody. */
  public Acceptance deleteEvent(String eventId) {
    return await(async.deleteEvent(eventId));
  }

  /** Reads an event; empty if the service has none of this id. */
  public Optional<AnalyticsEvent> getEvent(String eventId) {
    return await(async.getEvent(eventId));
  }

  /**
   * Reads all events of a conversation, by time of creation; an empty list if there are none.
   *
   * @throws AnalyticsValidationException if the conversation is called {@code .} or {@code ..},
   *     which no path can name, or if its events are too large for one answer of the Carillon hub,
   *     100,000 or 32 MiB: ask for them in parts
   */
  public List<AnalyticsEvent> getEventsByConversation(String conversationId) {
    return await(async.getEventsByConversation(conversationId));
  }

  /**
   * Reads the events of a conversation within a time range, of a name, or so many of the oldest, by
   * time of creation, then by id; 10,000 at most where a limit is given. To go on, ask again for
   * what comes {@code after} the last one's id, until nothing comes: events of one batch share a
   * time. Only the Carillon hub looks at the query.
   *
   * @throws AnalyticsValidationException if the query has {@code days} or another conversation, if
   *     the conversation is called {@code .} or {@code ..}, or if it is to go on after an event
   *     that is not, or no longer, in the conversation
   */
  public List<AnalyticsEvent> getEventsByConversation(String conversationId, AnalyticsQuery query) {
    return await(async.getEventsByConversation(conversationId, query));
  }

  /** Counts errors among events of a name by day, for the last 7 days. */
  public List<ErrorCount> getErrorCounts(String eventName) {
    return await(async.getErrorCounts(eventName));
  }

  /** Counts errors among events of a name by day, oldest first, for the last so many days. */
  public List<ErrorCount> getErrorCounts(String eventName, int days) {
    return await(async.getErrorCounts(eventName, days));
  }

  /** Counts errors by day, oldest first; days without events are left out. */
  public List<ErrorCount> getErrorCounts(AnalyticsQuery query) {
    return await(async.getErrorCounts(query));
  }

  /** The p95 latency by conversation and event name, the 100 slowest. */
  public List<LatencyStats> getLatencyStats() {
    return await(async.getLatencyStats());
  }

  /** The p95 latency by conversation and event name, so many of the slowest. */
  public List<LatencyStats> getLatencyStats(int limit) {
    return await(async.getLatencyStats(limit));
  }

  /** The p95 latency by conversation and event name, slowest first. */
  public List<LatencyStats> getLatencyStats(AnalyticsQuery query) {
    return await(async.getLatencyStats(query));
  }

  /** The 100 conversations with the highest share of errors. */
  public List<SessionErrors> getTopErrorSessions() {
    return await(async.getTopErrorSessions());
  }

  /** So many conversations with the highest share of errors. */
  public List<SessionErrors> getTopErrorSessions(int limit) {
    return await(async.getTopErrorSessions(limit));
  }

  /** Conversations by their share of errors, worst first. */
  public List<SessionErrors> getTopErrorSessions(AnalyticsQuery query) {
    return await(async.getTopErrorSessions(query));
  }

  /** Events, errors and latencies over time: {@link AsyncAnalyticsClient#getTimeline}. */
  public List<TimelineBucket> getTimeline(Duration bucket, AnalyticsQuery query) {
    return await(async.getTimeline(bucket, query));
  }

  /** Latencies by event name. Only the Carillon hub answers this. */
  public List<NameLatency> getLatencyByName(AnalyticsQuery query) {
    return await(async.getLatencyByName(query));
  }

  /** Conversations by their p95 latency, slowest first. Only the Carillon hub answers this. */
  public List<SlowSession> getSlowestSessions(AnalyticsQuery query) {
    return await(async.getSlowestSessions(query));
  }

  /** All events of a period beside the period before. Only the Carillon hub answers this. */
  public Totals getTotals(AnalyticsQuery query) {
    return await(async.getTotals(query));
  }

  /** Whether the service is there and well. One attempt, past other calls; never fails. */
  public boolean healthCheck() {
    return await(async.healthCheck());
  }

  /** Waits until the service is well, for a minute at most, asking every 2 s. */
  public boolean waitUntilReady() {
    return await(async.waitUntilReady());
  }

  /** Waits until the service is well, asking every 2 s; false if it was not in that time. */
  public boolean waitUntilReady(Duration timeout) {
    return await(async.waitUntilReady(timeout));
  }

  /** Waits until the service is well; false if it was not in that time. */
  public boolean waitUntilReady(Duration timeout, Duration interval) {
    return await(async.waitUntilReady(timeout, interval));
  }

  /**
   * Closes its buffers, takes nothing more, waits up to {@code closeTimeout} for what is under way,
   * and fails the rest. All futures are complete when it returns.
   */
  @Override
  public void close() {
    closed = true;
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(requests.settings().closeTimeout());
    buffers.forEach(EventBuffer::beginClose);
    buffers.forEach(buffer -> buffer.close(until(end)));
    requests.close(until(end));
  }

  private static Duration until(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** Names the base URL, without credentials. */
  @Override
  public String toString() {
    return "AnalyticsClient[" + requests.settings().baseUrl() + "]";
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      AnalyticsException failure = AnalyticsException.of(e);
      if (failure.getSuppressed().length == 0) { // it came about on another thread
        failure.addSuppressed(
            new Exception("thread " + Thread.currentThread().getName() + " waited for it here"));
      }
      throw failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AnalyticsException.unanswered("interrupted while waiting for the service", true, e);
    }
  }
}
