package dev.carillon.eventbus;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventSource;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.Subscription;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Publishes and receives typed events over a ZeroMQ XSUB/XPUB proxy, beside clients in other
 * languages.
 *
 * <p>Events are of any record or class with a {@code type}, one of an enum, and a {@code time};
 * they travel as JSON in two frames, topic and event. Make a client for a service by a factory of
 * your own, or extend this class and hand a builder to its constructor:
 *
 * <pre>{@code
 * var client = EventBusClient.builder(MyEvent.class, MyEventType.class, MyTopic.class).build();
 * client.connect();
 * client.emitEvent(MyEventType.started, MyTopic.my_service);
 * }</pre>
 *
 * <p>It is an {@link EventSink} and an {@link EventSource} of CloudEvents too. Receipts say {@link
 * Guarantee#SENT}, since nobody answers on such a bus; with {@link
 * EventBusClientBuilder#acknowledgePort} they say how far the proxy brought the event.
 *
 * <p>Thread-safe: any method from any thread, callbacks included. All its threads are daemons: one
 * owns the sockets, the consumer and each subscription of the source have one of their own, and
 * what hangs on futures, which may wait for others, runs on some more. Follows the documentation of
 * the original {@code EventBusClient} for Python.
 *
 * @param <E> the class of events
 * @param <T> the enum of their types, or {@code String}
 * @param <P> the enum of topics, or any other class that can be named
 */
public class EventBusClient<E, T extends Comparable<T>, P> implements EventSink, EventSource {

  private static final Duration RECEIVE_TIMEOUT = Duration.ofMillis(500);

  private final BusSettings settings;
  private final EventEncoding<E, T> encoding;
  private final Function<? super P, String> topicNames;
  private final Counters counters = new Counters();
  private final BusLoop loop;
  private final Publishing publishing;
  private final Callbacks<E, T> callbacks = new Callbacks<>(counters);
  private final Inbox<E, T> inbox;
  private final Deliveries<E, T> deliveries;
  private final Subscribing subscribing;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Creates a client, for subclasses that are a service's own client. */
  protected EventBusClient(EventBusClientBuilder<E, T, P> builder) {
    settings = builder.settings();
    encoding = builder.encoding();
    topicNames = builder.topicNames();
    loop = new BusLoop(settings, counters);
    publishing = new Publishing(settings, loop, counters);
    inbox = new Inbox<>(encoding, callbacks, settings, counters, loop::roomAgain);
    deliveries = new Deliveries<>(encoding, inbox, settings, counters);
    subscribing = new Subscribing(settings, loop, deliveries, counters);
  }

  /**
   * A builder that starts from the defaults.
   *
   * @param eventClass a record or class with {@code type} and {@code time}
   * @param typeClass the enum of event types, or {@code String}; a constant's name stands in the
   *     JSON
   * @param topicClass the enum of topics, or {@code String}, or whatever can be named
   */
  public static <E, T extends Comparable<T>, P> EventBusClientBuilder<E, T, P> builder(
      Class<E> eventClass, Class<T> typeClass, Class<P> topicClass) {
    return new EventBusClientBuilder<>(eventClass, typeClass);
  }

  // ---- connecting -----------------------------------------------------------------------------

  /**
   * Connects and waits until the proxy answers: what is published after that gets to it. Must be
   * called, or {@link #connectAsync}, before publishing and receiving; only topics and callbacks
   * may be named before. Calling it again, after the connection broke say, waits again.
   *
   * @throws EventConnectionException if the proxy did not answer in time, or refuses this client,
   *     or its host's name is not known; the client goes on looking for it until it is closed
   * @throws SinkClosedException if the client is closed
   */
  public void connect() {
    loop.start(deliveries);
    loop.awaitConnected();
  }

  /**
   * Begins to connect. What is published meanwhile waits in the queue.
   *
   * @return completes when the proxy has answered for the first time; fails if the client is closed
   *     before that
   */
  public CompletableFuture<Void> connectAsync() {
    loop.start(deliveries);
    return loop.connected();
  }

  /** Whether the proxy answers. */
  public boolean isConnected() {
    return loop.state() == ConnectionState.CONNECTED;
  }

  /** How this client stands with its proxy. */
  public ConnectionState state() {
    return loop.state();
  }

  /** What this client has done so far. */
  public BusMetrics metrics() {
    return counters.snapshot(loop.state(), loop.queue().size(), deliveries.waiting());
  }

  // ---- publishing -----------------------------------------------------------------------------

  /**
   * Publishes an event: puts it in the queue to the network, and waits for room there, up to the
   * send timeout, if the policy of the queue is to block. A time that is null becomes that of now.
   *
   * @throws dev.carillon.core.EventValidationException if it is not valid
   * @throws dev.carillon.core.SinkFullException if there was no room
   * @throws EventConnectionException if {@code connect} was not called
   * @throws SinkClosedException if the client is closed
   */
  public void emitEvent(E event, P topic) {
    publishing.emit(topicNames.apply(topic), encoding.encode(event));
  }

  /** Publishes an event of which there is nothing to say but its type; its time is now. */
  public void emitEvent(T type, P topic) {
    emitEvent(encoding.ofType(type, settings.clock().instant()), topic);
  }

  /**
   * Publishes an event, without waiting, and tells how far it got. Refused with {@link
   * dev.carillon.core.SinkFullException} also while as many receipts as the send queue holds wait
   * for what is done with those before them.
   *
   * @return a future of the receipt, or of an {@link EventException}
   */
  public CompletableFuture<Receipt> emitEventAsync(E event, P topic) {
    try {
      return publishing.submit(null, topicNames.apply(topic), encoding.encode(event));
    } catch (RuntimeException | Error e) { // errors too: of the event's own code
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
  }

  /** Publishes an event of a type alone, as {@link #emitEventAsync(Object, Object)} does. */
  public CompletableFuture<Receipt> emitEventAsync(T type, P topic) {
    try {
      return emitEventAsync(encoding.ofType(type, settings.clock().instant()), topic);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
  }

  // ---- receiving ------------------------------------------------------------------------------

  /**
   * Subscribes to a topic, exactly that one, and waits until the proxy has it in force. While the
   * proxy is away it returns at once, and the subscription comes into force when that is back.
   *
   * @throws dev.carillon.core.EventTimeoutException if that took longer than the connect timeout
   * @throws SinkClosedException if the client is closed
   */
  public void subscribe(P topic) {
    subscribeAll(List.of(topic));
  }

  /** Subscribes to many topics in one go. */
  public void subscribeAll(Collection<? extends P> topics) {
    subscribing.subscribe(topics.stream().map(this::checkedName).toList());
  }

  /** Ends a subscription; events that came already can still be received. */
  public void unsubscribe(P topic) {
    subscribing.unsubscribe(checkedName(topic));
  }

  private String checkedName(P topic) {
    String name = topicNames.apply(topic);
    Topics.encode(name);
    return name;
  }

  /**
   * Starts the thread that hands events to callbacks; calling it again does nothing.
   *
   * @throws EventConnectionException if {@code connect} was not called
   * @throws SinkClosedException if the client is closed
   */
  public void startConsumer() {
    loop.requireOpen();
    loop.requireStarted();
    inbox.startConsumer(loop.name() + "-consumer");
  }

  /**
   * Has a callback called for each event of a type, on the consumer's thread. One that throws is
   * logged and counted, and stops nobody. A type may have several.
   */
  public void attachCallback(T type, Consumer<? super E> callback) {
    callbacks.attach(type, callback);
  }

  /** Attaches a callback to each of several types. */
  public void attachCallbacks(Map<T, ? extends Consumer<? super E>> byType) {
    byType.forEach(callbacks::attach);
  }

  /** Removes one callback of a type; whether it was there. */
  public boolean removeCallback(T type, Consumer<? super E> callback) {
    return callbacks.remove(type, callback);
  }

  /** Removes every callback of a type. */
  public void removeCallbacks(T type) {
    callbacks.removeAll(type);
  }

  /** Receives one event, waiting for it up to 0.5 s. */
  public Optional<E> receiveEvent() {
    return receiveEvent(RECEIVE_TIMEOUT);
  }

  /**
   * Receives one event of the topics subscribed, whether or not callbacks get it too. Where there
   * are callbacks, who has not called this for 30 s counts as gone: only the latest events then
   * wait for him, and a queue that is full of them holds up and counts nothing.
   *
   * @param timeout how long to wait for one at most
   * @return empty if none came, the client was closed or has ended ({@link #state}), or the thread
   *     was interrupted; at once in the last cases
   * @throws EventConnectionException if {@code connect} was not called
   * @throws dev.carillon.core.SinkFullException if the receive queue was full, and its policy is to
   *     fail; events that come later can be received by the next call
   */
  public Optional<E> receiveEvent(Duration timeout) {
    loop.requireStarted();
    try {
      return Optional.ofNullable(inbox.receive(timeout));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Receives events as they come. The stream ends when the client is closed, when it is closed
   * itself (from any thread), or when its thread is interrupted.
   *
   * @throws EventConnectionException if {@code connect} was not called
   */
  public Stream<E> listenForever() {
    loop.requireStarted();
    return inbox.listen();
  }

  // ---- CloudEvents ----------------------------------------------------------------------------

  /** {@inheritDoc} It goes to the topic that is its subject, unless the builder was told else. */
  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return publishing.send(event);
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    return publishing.sendAll(events);
  }

  @Override
  public Capabilities capabilities() {
    Guarantee most = settings.acknowledges() ? Guarantee.STORED : Guarantee.SENT;
    return new Capabilities(most, true, 1, settings.maxEventBytes());
  }

  /**
   * {@inheritDoc} It sees all topics, or those that the builder was given. What other clients
   * publish becomes a CloudEvent whose subject is the topic and whose data is the whole event.
   *
   * @throws EventConnectionException if {@code connect} was not called
   */
  @Override
  public Subscription subscribe(EventFilter filter, EventHandler handler) {
    return subscribing.subscribe(filter, handler);
  }

  /**
   * Takes no more, sends what is queued, lets callbacks handle what has come, and closes the
   * sockets; all of it within twice {@code closeTimeout} and some seconds. What could not be sent
   * fails with {@link SinkClosedException}. May be called from a callback; calling it again does
   * nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    loop.close();
    subscribing.close();
    inbox.close(settings.closeTimeout());
  }
}
