package dev.carillon.rabbitmq;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.schemas.DomainEvent;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes domain events to a topic exchange of RabbitMQ (AMQP 0-9-1), and says of each whether
 * the broker has it. Publishing is seldom what an application is there for, so {@link #publish}
 * never throws: it answers false, and says why in the log, in {@link #stats} and {@link
 * #lastFailure}. {@link #publishAsync} tells the reason through its future, {@link #publishOrThrow}
 * throws it.
 *
 * <p>Every event is persistent and confirmed by the broker; one that no queue takes counts as
 * failed (unless {@code mandatory} is off). Failures are {@link EventValidationException} with
 * everything that is wrong with the event, {@link EventConnectionException} when the broker cannot
 * be had or the connection fell, {@link EventTimeoutException} when no confirm came within {@code
 * publishTimeout}, {@link dev.carillon.core.EventRejectedException} when the broker refused it or
 * no queue takes it, {@link dev.carillon.core.SinkFullException} when too many are under way, and
 * {@link dev.carillon.core.SinkClosedException} after close.
 *
 * <p>It connects on first use, also to a broker that comes later, and again whenever a connection
 * falls; what was unconfirmed then is sent again under the same id, up to {@code retryAttempts}
 * times. So it needs no retry around it, and a timeout around it must be longer than {@code
 * publishTimeout}. When the broker stays away it refuses events at once until the broker is back.
 * Nothing is sent for an event without an organization.
 *
 * <p>Thread-safe; one publisher serves a whole application. No thread is held by {@link
 * #publishAsync} and {@link #send}; their futures complete on threads of the publisher, where what
 * hangs on them may publish and wait; for other futures and batches up to 256 at a time, beyond
 * which the wait throws {@link java.util.concurrent.RejectedExecutionException}. As a sink it
 * carries CloudEvents, the organization as extension {@code organizationid}; receipts say {@link
 * Guarantee#ACKNOWLEDGED}.
 */
public final class EventPublisher implements EventSink {

  private final EventPublisherConfig config;
  private final FailureLog failures = new FailureLog();
  private final Counters counters;
  private final Encoder encoder;
  private final Dispatch dispatch;

  private EventPublisher(EventPublisherConfig config) {
    this.config = config;
    counters = new Counters(failures, config.publishTimeout());
    encoder = new Encoder(config);
    dispatch = new Dispatch(config, counters);
  }

  /**
   * A publisher to {@code fitviz.events} of a broker, for events that name their organization. For
   * another exchange, and for everything else, there is {@link EventPublisherConfig#builder}.
   */
  public static EventPublisher of(String rabbitmqUrl) {
    return of(EventPublisherConfig.builder().rabbitmqUrl(rabbitmqUrl).build());
  }

  /**
   * A publisher to {@code fitviz.events} of a broker.
   *
   * @param organizationId asked, on the thread that publishes, for the organization of each event
   */
  public static EventPublisher of(String rabbitmqUrl, Supplier<@Nullable String> organizationId) {
    return of(
        EventPublisherConfig.builder()
            .rabbitmqUrl(rabbitmqUrl)
            .organizationId(organizationId)
            .build());
  }

  /**
   * A publisher of a configuration. Connects on first use.
   *
   * @throws IllegalArgumentException if the URL is none; the message masks credentials
   */
  public static EventPublisher of(EventPublisherConfig config) {
    return new EventPublisher(config);
  }

  /**
   * Publishes an event of the organization that the supplier names, and waits for the broker.
   *
   * @param type {@code workout.created}; also the routing key
   * @param data a {@link DomainEvent}, a map, or what else {@link OutgoingEvent} takes
   * @return true only if the broker confirmed it; false, never an exception, for everything else
   */
  public boolean publish(String type, Object data) {
    return publish(type, data, null);
  }

  /** Publishes an event of an organization, and waits: {@link #publish(String, Object)}. */
  public boolean publish(String type, Object data, @Nullable String organizationId) {
    return isPublished(type, submit(type, data, organizationId, true));
  }

  /** Publishes one of the domain's own events, and waits: {@link #publish(String, Object)}. */
  public boolean publish(DomainEvent event) {
    return publish(event, null);
  }

  /** Publishes one of the domain's own, of an organization: {@link #publish(String, Object)}. */
  public boolean publish(DomainEvent event, @Nullable String organizationId) {
    return isPublished(OutgoingEvent.orNull(event, organizationId));
  }

  /** Publishes an event with an id or time of its own: {@link #publish(String, Object)}. */
  public boolean publish(OutgoingEvent event) {
    return isPublished(event);
  }

  /** Publishes an event of the supplier's organization without waiting. */
  public CompletableFuture<Receipt> publishAsync(String type, Object data) {
    return publishAsync(type, data, null);
  }

  /**
   * Publishes an event without waiting; the work of encoding is done before this returns.
   *
   * @return a future of the receipt once the broker has confirmed, or of the {@link EventException}
   *     that says why not. Cancelling it does not take the event back
   */
  public CompletableFuture<Receipt> publishAsync(
      String type, Object data, @Nullable String organizationId) {
    return submit(type, data, organizationId, false);
  }

  /** Publishes an event without waiting: {@link #publishAsync(String, Object, String)}. */
  public CompletableFuture<Receipt> publishAsync(DomainEvent event) {
    return submit(OutgoingEvent.orNull(event, null), false);
  }

  /** Publishes an event without waiting: {@link #publishAsync(String, Object, String)}. */
  public CompletableFuture<Receipt> publishAsync(OutgoingEvent event) {
    return submit(event, false);
  }

  /** Publishes an event and waits: {@link #publishOrThrow(String, Object, String)}. */
  public Receipt publishOrThrow(String type, Object data) {
    return publishOrThrow(type, data, null);
  }

  /**
   * Publishes an event and waits.
   *
   * @return the receipt of what the broker has confirmed
   * @throws EventValidationException with every violation; nothing was sent
   * @throws EventConnectionException if the broker cannot be had, or the connection fell
   * @throws EventPublishException for every other reason
   */
  public Receipt publishOrThrow(String type, Object data, @Nullable String organizationId) {
    return Confirms.await(submit(type, data, organizationId, true));
  }

  /** Publishes an event and waits: {@link #publishOrThrow(String, Object, String)}. */
  public Receipt publishOrThrow(DomainEvent event) {
    return Confirms.await(submit(OutgoingEvent.orNull(event, null), true));
  }

  /** Publishes an event and waits: {@link #publishOrThrow(String, Object, String)}. */
  public Receipt publishOrThrow(OutgoingEvent event) {
    return Confirms.await(submit(event, true));
  }

  /**
   * Publishes events together, in their order, and waits for all of them: in parts, as large as
   * there is room for. The first event of a part fails where others have taken all the room; a bad
   * event does not hold up its neighbours. An event without an id gets one, to name its outcome by.
   * The organization and the trace context of those that name none are asked for once.
   *
   * @return one outcome for each event, in order
   */
  public List<Outcome> publishBatch(List<OutgoingEvent> events) {
    return Confirms.value(publishBatchAsync(events));
  }

  /**
   * Publishes events together without waiting: {@link #publishBatch}. Of a long list most are
   * encoded later: their data must not change until the future is complete.
   */
  public CompletableFuture<List<Outcome>> publishBatchAsync(List<OutgoingEvent> events) {
    if (events == null) {
      return CompletableFuture.failedFuture(new EventValidationException("events", "is missing"));
    }
    List<@Nullable OutgoingEvent> named = new ArrayList<>(events.size());
    for (OutgoingEvent event : events) {
      named.add(
          event == null || event.id() != null ? event : event.withId(UUID.randomUUID().toString()));
    }
    int lane = dispatch.lane();
    Encoder.Context asked = encoder.asked();
    return new BatchRun<@Nullable OutgoingEvent>(
            named,
            width(),
            dispatch::hasRoom,
            event -> event == null ? "" : String.valueOf(event.id()),
            event -> submit(typeOf(event), () -> encoder.encode(event, false, asked), lane))
        .run();
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return submit(typeOf(event), () -> encoder.encode(event));
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    if (events == null) {
      return CompletableFuture.failedFuture(new EventValidationException("events", "is missing"));
    }
    int lane = dispatch.lane();
    Encoder.Context asked = encoder.asked();
    return new BatchRun<>(
            new ArrayList<>(events),
            width(),
            dispatch::hasRoom,
            Outcome::idOf,
            event -> submit(typeOf(event), () -> encoder.encode(event, asked), lane))
        .run();
  }

  /** Each thread's events stay in order. */
  @Override
  public Capabilities capabilities() {
    return new Capabilities(Guarantee.ACKNOWLEDGED, true, 1, config.maxEventBytes());
  }

  /** Why the latest event failed that did; empty if none has. */
  public Optional<EventException> lastFailure() {
    return failures.latest();
  }

  /** What was published, and what was not. */
  public PublisherStats stats() {
    return counters.stats(dispatch.pending());
  }

  /** Whether there is a connection now; false before the first use. */
  public boolean isConnected() {
    return dispatch.isConnected();
  }

  /**
   * Takes nothing more, waits up to {@code closeTimeout} for what is under way, fails the rest with
   * {@link dev.carillon.core.SinkClosedException}, and disconnects. Calling it again does nothing.
   */
  @Override
  public void close() {
    dispatch.close();
  }

  /** Names broker and exchange, without credentials. */
  @Override
  public String toString() {
    return "EventPublisher[" + config + "]";
  }

  private static @Nullable String typeOf(@Nullable CloudEvent event) {
    return event == null ? null : event.getType();
  }

  private static @Nullable String typeOf(@Nullable OutgoingEvent event) {
    return event == null ? null : event.type();
  }

  private int width() {
    return Math.max(1, Math.min(config.maxInFlight(), config.maxPending() / 2));
  }

  private CompletableFuture<Receipt> submit(
      String type, Object data, @Nullable String organizationId, boolean awaited) {
    return submit(
        type, () -> encoder.encode(OutgoingEvent.required(type, data, organizationId), awaited));
  }

  private CompletableFuture<Receipt> submit(@Nullable OutgoingEvent event, boolean awaited) {
    return submit(typeOf(event), () -> encoder.encode(event, awaited));
  }

  private CompletableFuture<Receipt> submit(@Nullable String type, Supplier<Delivery> encode) {
    return submit(type, encode, dispatch.lane());
  }

  private CompletableFuture<Receipt> submit(
      @Nullable String type, Supplier<Delivery> encode, int lane) {
    Delivery delivery;
    try {
      delivery = encode.get();
    } catch (RuntimeException | Error e) { // of what the data's own code throws, too
      EventException failure = EventException.unsent(e);
      counters.failed(type, failure);
      return CompletableFuture.failedFuture(failure);
    }
    return dispatch.submit(delivery, lane);
  }

  private boolean isPublished(@Nullable OutgoingEvent event) {
    return isPublished(typeOf(event), submit(event, true));
  }

  private boolean isPublished(@Nullable String type, CompletableFuture<Receipt> sent) {
    try {
      Confirms.await(sent);
      return true;
    } catch (EventException e) {
      if (!sent.isDone()) { // else it is told already
        failures.failed(type, e);
      }
      return false;
    }
  }
}
