package dev.carillon.analytics;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The methods of {@link AnalyticsClient} without waiting: each returns a future, and fails through
 * it with an {@link AnalyticsException}. Thread-safe; ends with the client that it came from.
 * Cancelling a future does not take the request back.
 */
public final class AsyncAnalyticsClient {

  private static final int DEFAULT_DAYS = 7;
  private static final int DEFAULT_LIMIT = 100;
  private static final Duration DEFAULT_READY_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration DEFAULT_READY_INTERVAL = Duration.ofSeconds(2);

  private final Requests requests;

  AsyncAnalyticsClient(Requests requests) {
    this.requests = requests;
  }

  /**
   * Tracks an event; the work of encoding is done before this returns.
   *
   * @return the event's id as the service has it. Services that give ids themselves give another
   *     than {@link TrackedEvent#id()}, and may have the event twice if a request had to be
   *     repeated
   */
  public CompletableFuture<String> trackEvent(TrackedEvent event) {
    return submit(
        () -> Call.post(Paths.EVENT, EventJson.create(event)),
        envelope -> envelope.idOr(event.id()));
  }

  /** Changes what an update gives of an event. */
  public CompletableFuture<Acceptance> updateEvent(String eventId, EventUpdate update) {
    return submit(
        () -> Call.put(pathOf(eventId), EventJson.update(update)),
        envelope -> acceptance(eventId, envelope));
  }

  /** Deletes an event; the service keeps it, and shows it to nobody. */
  public CompletableFuture<Acceptance> deleteEvent(String eventId) {
    return submit(() -> Call.delete(pathOf(eventId)), envelope -> acceptance(eventId, envelope));
  }

  /** Reads an event; empty if the service has none of this id. */
  public CompletableFuture<Optional<AnalyticsEvent>> getEvent(String eventId) {
    CompletableFuture<Optional<AnalyticsEvent>> found = new CompletableFuture<>();
    var unused =
        read(() -> pathOf(eventId), envelope -> Results.event(envelope.object("data")))
            .whenComplete(
                (event, error) -> {
                  if (error == null) {
                    found.complete(Optional.of(event));
                  } else if (saysAbsent(error)) {
                    found.complete(Optional.empty());
                  } else {
                    found.completeExceptionally(error);
                  }
                });
    return found;
  }

  /** A 404 of the service itself, and not of whatever else listens at a wrong address. */
  private static boolean saysAbsent(Throwable error) {
    return error instanceof AnalyticsNotFoundException notFound && Envelope.is(notFound.body());
  }

  /**
   * Reads the events of a conversation: {@link AnalyticsClient#getEventsByConversation(String)}.
   */
  public CompletableFuture<List<AnalyticsEvent>> getEventsByConversation(String conversationId) {
    return getEventsByConversation(conversationId, AnalyticsQuery.ofDefaults());
  }

  /**
   * Reads some events of a conversation: {@link AnalyticsClient#getEventsByConversation(String,
   * AnalyticsQuery)}.
   */
  public CompletableFuture<List<AnalyticsEvent>> getEventsByConversation(
      String conversationId, AnalyticsQuery query) {
    return readList(
        () -> {
          Rules rules = new Rules().conversationId(conversationId);
          if (query.days() != null) {
            rules.wrong("days", "is not asked of a conversation; from and to are");
          }
          if (query.conversationId() != null && !query.conversationId().equals(conversationId)) {
            rules.wrong("conversation_id", "is another in the query");
          }
          if (Paths.isDots(conversationId)) {
            rules.wrong("conversation_id", "cannot be asked for: no path can name . or ..");
          }
          rules.check();
          return Paths.conversation(conversationId, query);
        },
        Results::event);
  }

  /** Counts errors among events of a name by day, for the last 7 days. */
  public CompletableFuture<List<ErrorCount>> getErrorCounts(String eventName) {
    return getErrorCounts(eventName, DEFAULT_DAYS);
  }

  /** Counts errors among events of a name by day, oldest first, for the last so many days. */
  public CompletableFuture<List<ErrorCount>> getErrorCounts(String eventName, int days) {
    return readList(
        () -> Paths.errors(AnalyticsQuery.builder().eventName(eventName).days(days).build()),
        Results::errorCount);
  }

  /** Counts errors by day, oldest first; days without events are left out. */
  public CompletableFuture<List<ErrorCount>> getErrorCounts(AnalyticsQuery query) {
    return readList(() -> Paths.errors(query), Results::errorCount);
  }

  /** The p95 latency by conversation and event name, the 100 slowest. */
  public CompletableFuture<List<LatencyStats>> getLatencyStats() {
    return getLatencyStats(DEFAULT_LIMIT);
  }

  /** The p95 latency by conversation and event name, so many of the slowest. */
  public CompletableFuture<List<LatencyStats>> getLatencyStats(int limit) {
    return readList(
        () -> Paths.latency(AnalyticsQuery.builder().limit(limit).build()), Results::latencyStats);
  }

  /** The p95 latency by conversation and event name, slowest first. */
  public CompletableFuture<List<LatencyStats>> getLatencyStats(AnalyticsQuery query) {
    return readList(() -> Paths.latency(query), Results::latencyStats);
  }

  /** The 100 conversations with the highest share of errors. */
  public CompletableFuture<List<SessionErrors>> getTopErrorSessions() {
    return getTopErrorSessions(DEFAULT_LIMIT);
  }

  /** So many conversations with the highest share of errors. */
  public CompletableFuture<List<SessionErrors>> getTopErrorSessions(int limit) {
    return readList(
        () -> Paths.topErrors(AnalyticsQuery.builder().limit(limit).build()),
        Results::sessionErrors);
  }

  /** Conversations by their share of errors, worst first. */
  public CompletableFuture<List<SessionErrors>> getTopErrorSessions(AnalyticsQuery query) {
    return readList(() -> Paths.topErrors(query), Results::sessionErrors);
  }

  /**
   * Events, errors and latencies over time, by name. Only the Carillon hub answers this.
   *
   * @param bucket how long a piece of time is, at least a second; parts of a second are dropped
   */
  public CompletableFuture<List<TimelineBucket>> getTimeline(
      Duration bucket, AnalyticsQuery query) {
    return readList(
        () -> {
          new Rules().between("bucket", bucket.toSeconds(), 1, Integer.MAX_VALUE).check();
          return Paths.timeline(bucket, query);
        },
        Results::timelineBucket);
  }

  /** Latencies by event name. Only the Carillon hub answers this. */
  public CompletableFuture<List<NameLatency>> getLatencyByName(AnalyticsQuery query) {
    return readList(() -> Paths.latencyByName(query), Results::nameLatency);
  }

  /** Conversations by their p95 latency, slowest first. Only the Carillon hub answers this. */
  public CompletableFuture<List<SlowSession>> getSlowestSessions(AnalyticsQuery query) {
    return readList(() -> Paths.slowest(query), Results::slowSession);
  }

  /** All events of a period beside the period before. Only the Carillon hub answers this. */
  public CompletableFuture<Totals> getTotals(AnalyticsQuery query) {
    return read(() -> Paths.totals(query), envelope -> Results.totals(envelope.object("data")));
  }

  /**
   * Whether the service is there and well. One attempt, which waits for no other call, unless 16
   * checks are under way.
   *
   * @return a future that never fails
   */
  public CompletableFuture<Boolean> healthCheck() {
    return requests.isWell();
  }

  /** Asks whether the service is well until it is, for a minute at most, every 2 s. */
  public CompletableFuture<Boolean> waitUntilReady() {
    return waitUntilReady(DEFAULT_READY_TIMEOUT);
  }

  /** Asks every 2 s whether the service is well until it is, or until the time is over. */
  public CompletableFuture<Boolean> waitUntilReady(Duration timeout) {
    return waitUntilReady(timeout, DEFAULT_READY_INTERVAL);
  }

  /**
   * Asks whether the service is well until it is, or until the time is over.
   *
   * @param timeout how long to ask
   * @param interval how long to wait between two questions
   * @return a future that never fails: whether the service is well
   */
  public CompletableFuture<Boolean> waitUntilReady(Duration timeout, Duration interval) {
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    Future<?> end =
        requests
            .threads()
            .after(TimeUnit.NANOSECONDS.convert(timeout), () -> ready.complete(false));
    ask(ready, TimeUnit.NANOSECONDS.convert(interval));
    var unused = ready.whenComplete((answer, error) -> end.cancel(false));
    return ready;
  }

  private void ask(CompletableFuture<Boolean> ready, long interval) {
    var unused =
        healthCheck()
            .whenComplete(
                (well, error) -> {
                  if (well || requests.isClosed()) {
                    ready.complete(well);
                  } else if (!ready.isDone()) {
                    requests.threads().later(interval, () -> ask(ready, interval));
                  }
                });
  }

  private String pathOf(String eventId) {
    new Rules().id(eventId).check();
    return Paths.event(eventId);
  }

  private static Acceptance acceptance(String eventId, Fields envelope) {
    return new Acceptance(envelope.idOr(eventId), envelope.text("message"));
  }

  private <T> CompletableFuture<T> read(Supplier<String> path, Function<Fields, T> decode) {
    return submit(() -> Call.get(path.get()), decode);
  }

  private <T> CompletableFuture<List<T>> readList(
      Supplier<String> path, Function<Fields, T> decode) {
    return read(path, envelope -> envelope.objects("data").stream().map(decode).toList());
  }

  private <T> CompletableFuture<T> submit(Supplier<Call> call, Function<Fields, T> decode) {
    Call ready;
    try {
      ready = call.get();
      new Rules().size(ready.body(), requests.settings().maxEventBytes()).check();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(AnalyticsException.of(e));
    }
    return requests.submit(ready, answer -> decode.apply(Envelope.ofSuccess(answer)));
  }
}
