package dev.carillon.dataservices;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkFullException;
import io.cloudevents.CloudEvent;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events to the Data Services event service (API version 2.0) and reads them back.
 *
 * <p>Thread-safe; one client serves a whole application and reuses its connections. Nothing holds a
 * thread while it waits for an answer: {@code maxInFlight} requests are on the wire, a bounded
 * queue waits behind them, and what goes beyond fails with {@link SinkFullException}. Futures
 * complete on {@linkplain dev.carillon.core.CallbackThreads threads} of the client's own. Every
 * attempt is made once; retrying is for a policy around the client, which {@link
 * EventException#isRetryable()} guides. Events that may be published again should have their id and
 * their created date (a CloudEvent its time) beforehand, or each attempt is another event to the
 * server, at another time. A client that nobody closes frees its threads and connections when it is
 * collected, but {@link #close()} also waits for what is on its way.
 *
 * <p>Failures are {@link EventException}s: {@link EventValidationException} before anything is
 * sent, {@link EventHttpException} for an answer that is no success, {@link
 * dev.carillon.core.EventConnectionException} and {@link EventTimeoutException} for the network,
 * {@link dev.carillon.core.SinkClosedException} after close. Methods that return a future fail
 * through it; those that do not, throw.
 *
 * <p>As a sink it maps CloudEvents with JSON data to event messages without loss (type to topic,
 * subject to the first subject, extensions {@code subjects}, {@code tags}, {@code sourcetraceids},
 * {@code organizationid} and {@code userid} to their fields, others to {@code attributes}); an
 * event without data becomes one with an empty object. A receipt says {@link Guarantee#STORED} only
 * if the server says so ({@code Carillon-Durable: true}), else {@link Guarantee#ACKNOWLEDGED}.
 */
public final class EventClient implements EventSink {

  private static final int DEFAULT_PAGE = 500;

  private final ClientSettings settings;
  private final Requests requests;
  private final Publisher publisher;
  private final ServerClock serverClock;
  private final EventReader reader;

  EventClient(ClientSettings settings) {
    this.settings = settings;
    requests = new Requests(settings);
    publisher = new Publisher(settings, requests);
    serverClock = new ServerClock(requests, settings.clock());
    reader = new EventReader(requests, settings.clock());
  }

  /**
   * A client for a base URL, with or without a path and a trailing slash. Credentials in the URL
   * are sent as Basic authentication and never printed.
   *
   * @throws IllegalArgumentException if it is no http or https URL
   */
  public static EventClient of(String url) {
    return builder().url(url).build();
  }

  /** A client that asks for its base URL at each request. */
  public static EventClient of(Supplier<String> urlProvider) {
    return builder().urlProvider(urlProvider).build();
  }

  /** A client on a caller's own HTTP client, which {@link #close()} leaves open. */
  public static EventClient of(ConfiguredHttpClient httpClient) {
    return builder().httpClient(httpClient).build();
  }

  /** Starts a client; exactly one of url, urlProvider and httpClient must be given. */
  public static EventClientBuilder builder() {
    return new EventClientBuilder();
  }

  /**
   * Publishes one event and waits for the server's confirmation.
   *
   * @throws EventException as the future of {@link #publishAsync} would have failed
   */
  public PublishConfirmation publishEvent(EventMessage message) {
    return await(publisher.publish(message));
  }

  /**
   * Publishes one event without waiting; the work of encoding is done before this returns.
   *
   * @return a future of the server's confirmation. Cancelling it does not take the event back
   */
  public CompletableFuture<PublishConfirmation> publishAsync(EventMessage message) {
    return publisher.publish(message);
  }

  /** Publishes events together and waits: {@link #publishBatchAsync}. */
  public List<Outcome> publishBatch(List<EventMessage> messages) {
    return await(publisher.publishAll(messages));
  }

  /**
   * Publishes events together, in as few requests as the limits allow, and one by one on servers
   * without the Carillon hub's batch endpoint (404 or 405, which is remembered). A bad event does
   * not hold up its neighbours: the events of a batch that is refused as a whole (400, 413, 422)
   * are published one by one, unless none of an earlier one was taken so. An event without an id
   * gets a random UUID, to name its outcome by.
   *
   * @return a future of one outcome for each event, in order; it fails only if the list is missing
   */
  public CompletableFuture<List<Outcome>> publishBatchAsync(List<EventMessage> messages) {
    return publisher.publishAll(messages);
  }

  /** Asks what time it is at the server and waits: {@link #getServerTimeAsync}. */
  public Instant getServerTime() {
    return await(serverClock.now());
  }

  /**
   * Asks what time it is at the server. Half the measured round trip is added; that of a client's
   * first request also holds the making of the connection, so ask twice where milliseconds count.
   * Servers without that endpoint are taken by the Date header of their answer, which is exact to a
   * second; the local clock never stands in.
   *
   * @return a future of the server's time, or of a failure if the server does not say it at all
   */
  public CompletableFuture<Instant> getServerTimeAsync() {
    return serverClock.now();
  }

  /**
   * A copy of a map without the entries whose value is null, in the same order. Maps and lists
   * inside it stay as they are, with the nulls they hold. Publishing needs no such preparation: an
   * event's absent fields are left out, and {@code data} is sent as it is.
   */
  public static <V> Map<String, V> removeNullValues(Map<String, ? extends @Nullable V> map) {
    Map<String, V> present = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (value != null) {
            present.put(name, value);
          }
        });
    return Collections.unmodifiableMap(present);
  }

  /** Reads one page of events and waits: {@link #queryEventsAsync}. */
  public List<StoredEvent> queryEvents(EventQuery query, int limit, long offset) {
    return await(reader.page(query, limit, offset));
  }

  /**
   * Reads one page of the events that match a query, ordered by created date.
   *
   * @param limit how many at most, 1 to 10,000
   * @param offset how many to skip. Events that arrive between two pages with an earlier date shift
   *     the later page; bound the query by {@code createdTo} where that matters
   * @return a future of the events; an empty list if there are none
   */
  public CompletableFuture<List<StoredEvent>> queryEventsAsync(
      EventQuery query, int limit, long offset) {
    return reader.page(query, limit, offset);
  }

  /** All events that match a query, fetched 500 at a time: {@link #streamEvents}. */
  public Stream<StoredEvent> streamEvents(EventQuery query) {
    return streamEvents(query, DEFAULT_PAGE);
  }

  /**
   * All events that match a query, fetched page after page as the stream is read; reading may throw
   * an {@link EventException}. The stream is sequential and holds one page at a time.
   *
   * <p>Pages are counted from the end that the query begins with. With {@code newestFirst} each
   * event that arrives while the stream is read shifts the pages that are left, and as many events
   * come twice as have arrived; bound the query by {@code createdTo} where that matters.
   *
   * @param pageSize how many to fetch at a time, 1 to 10,000; fewer where the server says that so
   *     many are too large
   */
  public Stream<StoredEvent> streamEvents(EventQuery query, int pageSize) {
    EventPages pages = new EventPages((offset, size) -> queryEvents(query, size, offset), pageSize);
    int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, traits), false);
  }

  /** Reads one event by its id and waits; empty if there is none. */
  public Optional<StoredEvent> getEvent(String id) {
    return await(reader.one(id));
  }

  /** Reads one event by its id; the future's value is empty if there is none. */
  public CompletableFuture<Optional<StoredEvent>> getEventAsync(String id) {
    return reader.one(id);
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return publisher.send(event);
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    return publisher.sendAll(events);
  }

  /** Not ordered: requests overtake each other, and what is sent meanwhile overtakes a list. */
  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        Guarantee.STORED, false, settings.maxBatchEvents(), settings.maxEventBytes());
  }

  /**
   * Takes nothing more, waits up to {@code closeTimeout} for what was accepted, and fails the rest
   * with {@link dev.carillon.core.SinkClosedException}. All futures are complete when it returns. A
   * caller's own HTTP client stays open.
   */
  @Override
  public void close() {
    requests.close();
  }

  /** Names the base URL of the latest request, without credentials. */
  @Override
  public String toString() {
    return "EventClient[" + requests.transport().display() + "]";
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw EventException.awaited(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventTimeoutException("interrupted while waiting for the server", true, e);
    }
  }
}
