package dev.carillon.eventgrid;

import com.azure.core.credential.TokenCredential;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.eventgrid.EventGridClientBuilder.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events to many named Event Grid topics.
 *
 * <p>Thread-safe; one client serves a whole application. Nothing holds a thread while it waits for
 * an answer: a bounded number of requests a topic is on the wire, by default 64, and a bounded
 * queue waits behind them, and what goes beyond fails with {@link
 * dev.carillon.core.SinkFullException}. Futures complete on {@linkplain
 * dev.carillon.core.CallbackThreads threads} of the topic's own. Every attempt is made once, unless
 * the client was built with a {@linkplain EventGridClientBuilder#retry retry}; the SDK's own
 * retries are off.
 *
 * <p>Failures are {@link EventException}s: {@link EventValidationException} before anything is sent
 * (an unknown topic, an event over the limit), {@link EventGridHttpException} for an answer that is
 * no success, {@link dev.carillon.core.EventConnectionException} and {@link EventTimeoutException}
 * for the network. Methods that return a future fail through it; those that do not, throw. Azure's
 * own exceptions are never thrown.
 */
public final class EventGridClient implements AutoCloseable {

  private final EventGridClientBuilder.Topics factory;
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();
  private volatile boolean closed;

  EventGridClient(EventGridConfig config, EventGridClientBuilder.Topics factory) {
    this.factory = factory;
    config.topics().forEach(this::addTopic);
  }

  /**
   * A client with tokens of Microsoft Entra ID, such as a {@code DefaultAzureCredential}. It sends
   * once; one that tries again is built with a {@linkplain EventGridClientBuilder#retry retry}.
   *
   * @throws NullPointerException if there is no credential: none is ever guessed
   */
  public static EventGridClient of(EventGridConfig config, TokenCredential credential) {
    return builder().config(config).credential(credential).build();
  }

  /** Starts a client. */
  public static EventGridClientBuilder builder() {
    return new EventGridClientBuilder();
  }

  /**
   * Emits an event and waits for the topic's answer.
   *
   * @param topic one of the client's topics
   * @param eventType what happened, such as {@code user.created}
   * @param subject what it happened to, such as {@code users/12345}
   * @param data any object that Jackson can write; null for none
   * @throws EventValidationException if there is no such topic, or the event is not valid; nothing
   *     was sent
   * @throws EventGridHttpException if the topic answered with something else than success
   * @throws EventException for every other reason, such as the network or a token
   */
  public Receipt emitEvent(String topic, String eventType, String subject, @Nullable Object data) {
    return await(emitEventAsync(topic, eventType, subject, data));
  }

  /**
   * Emits an event, with all that can be said about it, and waits for the topic's answer.
   *
   * @throws EventGridHttpException if the topic answered with something else than success
   * @throws EventException for every other reason: {@link #emitEvent(String, String, String,
   *     Object)}
   */
  public Receipt emitEvent(String topic, TopicEvent event) {
    return await(emitEventAsync(topic, event));
  }

  /**
   * Emits an event without waiting; its id is random, its time now, its data version 1.0.
   *
   * @return a future of the receipt, or of what {@link #emitEvent(String, String, String, Object)}
   *     throws
   */
  public CompletableFuture<Receipt> emitEventAsync(
      String topic, String eventType, String subject, @Nullable Object data) {
    return emitEventAsync(topic, TopicEvent.of(eventType, subject, data));
  }

  /**
   * Emits an event, with all that can be said about it, without waiting.
   *
   * @return a future of the receipt, or of what {@link #emitEvent(String, TopicEvent)} throws
   */
  public CompletableFuture<Receipt> emitEventAsync(String topic, TopicEvent event) {
    try {
      EventSink sink = sink(topic);
      require("event", event);
      return sink.send(event.toCloudEvent(topic));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
  }

  /**
   * Emits events together and waits: {@link #emitEventsAsync}. What an event fails with, such as an
   * {@link EventGridHttpException}, is in its outcome.
   *
   * @throws EventException as the future of {@link #emitEventsAsync} would have failed
   */
  public List<Outcome> emitEvents(String topic, List<TopicEvent> events) {
    return await(emitEventsAsync(topic, events));
  }

  /**
   * Emits events together, in as few requests as the limits allow (1 MiB, 5,000 events). A bad
   * event does not hold up its neighbours; but once a topic has refused 16 events, each alone, and
   * taken none, the rest is not sent and fails as they did.
   *
   * @return a future of one outcome for each event, in order; it fails only for an unknown topic, a
   *     list that is missing, or when the client is closed
   */
  public CompletableFuture<List<Outcome>> emitEventsAsync(String topic, List<TopicEvent> events) {
    try {
      EventSink sink = sink(topic);
      require("events", events);
      return Outcome.ofEach(
          events,
          event -> {
            require("event", event);
            return event.toCloudEvent(topic);
          },
          event -> event == null ? "" : event.id(),
          sink::sendAll);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
  }

  /** Callers without a null checker may pass anything. */
  private static void require(String name, @Nullable Object given) {
    if (given == null) {
      throw new EventValidationException(name, "is missing");
    }
  }

  /**
   * A topic as a sink for CloudEvents; the client closes it. Where the topic is replaced, the sink
   * goes with it.
   *
   * @throws EventValidationException if there is no such topic; it lists those that there are
   */
  public EventSink sink(String topic) {
    return topic(topic).sink();
  }

  private Topic topic(String name) {
    require("topic", name);
    Topic topic = topics.get(name);
    if (topic == null) {
      if (closed) {
        throw new SinkClosedException("the Event Grid client is closed", false);
      }
      throw new EventValidationException(
          "topic", name + " is not one of the topics there are: " + new TreeSet<>(topics.keySet()));
    }
    return topic;
  }

  /** The names of the topics there are now. */
  public Set<String> topics() {
    return Set.copyOf(topics.keySet());
  }

  /**
   * Adds a topic while running; events can be emitted to it when this returns.
   *
   * @throws IllegalArgumentException if there is one of that name, or no credential for it
   */
  public void addTopic(EventGridTopicConfig topic) {
    Topic opened = factory.open(topic);
    boolean taken = topics.putIfAbsent(topic.name(), opened) != null;
    if (taken || closed) {
      opened.sink().close();
      if (taken) {
        throw new IllegalArgumentException("there is a topic " + topic.name() + " already");
      }
      topics.remove(topic.name(), opened);
      throw new SinkClosedException("the Event Grid client is closed", false);
    }
  }

  /**
   * Gives the topic of that name another endpoint, schema or credential while running. No event is
   * refused meanwhile: what is emitted from now on, gathered or waits to be tried again goes to the
   * new endpoint, also by a {@link #sink} that was taken before. For what is on its way to the old
   * one, or waits for that, this waits for a bounded time, and fails the rest, which is worth
   * another try.
   *
   * @throws EventValidationException if there is no topic of that name
   * @throws IllegalArgumentException if there is no credential for it
   */
  public void replaceTopic(EventGridTopicConfig topic) {
    topic(topic.name()).way().redirect(topic, factory.credentialOf(topic));
  }

  /**
   * Removes a topic while running: takes no more events for it and waits, for a bounded time, for
   * those that are on their way.
   *
   * @return whether there was such a topic
   */
  public boolean removeTopic(String name) {
    Topic topic = topics.remove(name);
    if (topic != null) {
      topic.sink().close();
    }
    return topic != null;
  }

  /**
   * Takes nothing more, waits for what was accepted for a bounded time and fails the rest with
   * {@link SinkClosedException}. Calling it again does nothing.
   */
  @Override
  public void close() {
    closed = true;
    ExecutorService threads = Executors.newCachedThreadPool(); // for all at once: each may wait
    try {
      List<CompletableFuture<Void>> closing = new ArrayList<>();
      for (String name : topics()) {
        closing.add(CompletableFuture.runAsync(() -> removeTopic(name), threads));
      }
      closing.forEach(CompletableFuture::join);
    } finally {
      threads.shutdown();
    }
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw EventException.awaited(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventTimeoutException("interrupted while waiting for the topic", true, e);
    }
  }
}
