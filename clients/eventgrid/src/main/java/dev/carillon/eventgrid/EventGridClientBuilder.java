package dev.carillon.eventgrid;

import com.azure.core.credential.TokenCredential;
import dev.carillon.core.EventSink;
import dev.carillon.resilience.Resilience;
import dev.carillon.resilience.ResilientSink;
import dev.carillon.resilience.RetryPolicy;
import dev.carillon.sinks.CoalescingPolicy;
import dev.carillon.sinks.CoalescingSink;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Collects an {@link EventGridClient}'s options. Not thread-safe. */
public final class EventGridClientBuilder {

  private @Nullable EventGridConfig config;
  private @Nullable EventGridCredential credential;
  private @Nullable HttpClient httpClient;
  private @Nullable SSLContext sslContext;
  private @Nullable RetryPolicy retry;
  private @Nullable CoalescingPolicy coalescing;
  private BiFunction<String, EventSink, EventSink> around = (topic, sink) -> sink;
  private Duration requestTimeout = Duration.ofSeconds(30);
  private Duration pendingTimeout = Duration.ofMinutes(2);
  private Duration closeTimeout = Duration.ofSeconds(10);
  private int maxInFlight = 64;
  private int maxPending = 10_000;
  private long maxPendingBytes = 64L << 20;
  private InstantSource clock = InstantSource.system();

  EventGridClientBuilder() {}

  /** The topics; more can be added to the client later. */
  public EventGridClientBuilder config(EventGridConfig value) {
    config = value;
    return this;
  }

  /** What to show to topics that have no credential of their own. */
  public EventGridClientBuilder credential(EventGridCredential value) {
    credential = Objects.requireNonNull(value, "credential");
    return this;
  }

  /** Tokens of Microsoft Entra ID for topics that have no credential of their own. */
  public EventGridClientBuilder credential(TokenCredential value) {
    return credential(EventGridCredential.token(Objects.requireNonNull(value, "credential")));
  }

  /** What decides whom to trust, for a certificate of one's own; the JVM's by default. */
  public EventGridClientBuilder sslContext(SSLContext value) {
    sslContext = value;
    return this;
  }

  /**
   * A caller's own HTTP client, whose TLS and connect timeout then count; closing it is left to it.
   * By default the Event Grid client makes one.
   */
  public EventGridClientBuilder httpClient(HttpClient value) {
    httpClient = value;
    return this;
  }

  /**
   * Tries again after failures that call themselves retryable, which 400, 401 and 403 never do. No
   * retry by default.
   */
  public EventGridClientBuilder retry(RetryPolicy value) {
    retry = value;
    return this;
  }

  /** Gathers events that are emitted one by one into batches; off by default. */
  public EventGridClientBuilder coalescing(CoalescingPolicy value) {
    coalescing = value;
    return this;
  }

  /**
   * What all events of a topic go through, also those of {@code emitEvent} and {@code emitEvents}:
   * such as meters, enrichment or validation. What cannot be made an event does not get that far.
   * It stands outside of coalescing and retries, closes the sink that it is around, and stays where
   * the topic is replaced. Nothing by default.
   *
   * @param value makes, of a topic's name and its sink, the sink around it; called for each topic
   */
  public EventGridClientBuilder around(BiFunction<String, EventSink, EventSink> value) {
    around = Objects.requireNonNull(value, "around");
    return this;
  }

  /** How long a request may take, 30 s by default. */
  public EventGridClientBuilder requestTimeout(Duration value) {
    requestTimeout = value;
    return this;
  }

  /** How long a request waits at most for its turn to go out, 2 min by default. */
  public EventGridClientBuilder pendingTimeout(Duration value) {
    pendingTimeout = value;
    return this;
  }

  /** How long closing waits for what was accepted, 10 s by default; zero for not at all. */
  public EventGridClientBuilder closeTimeout(Duration value) {
    closeTimeout = value;
    return this;
  }

  /** How many requests a topic has on the wire at most, 64 by default; 1 keeps events in order. */
  public EventGridClientBuilder maxInFlight(int value) {
    maxInFlight = value;
    return this;
  }

  /** How much waits behind the wire of a topic at most; 10,000 requests and 64 MiB by default. */
  public EventGridClientBuilder maxPending(int requests, long bytes) {
    maxPending = requests;
    maxPendingBytes = bytes;
    return this;
  }

  /** Tells the time of receipts; the system's clock by default. */
  public EventGridClientBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /**
   * Makes the client. It connects with its first request.
   *
   * @throws IllegalArgumentException if there is no config, a topic has no credential and the
   *     client neither, or an option is out of its range
   */
  public EventGridClient build() {
    if (config == null) {
      throw new IllegalArgumentException("no config was given");
    }
    SinkSettings settings =
        new SinkSettings(
            httpClient == null ? ownHttpClient() : httpClient,
            requestTimeout,
            pendingTimeout,
            closeTimeout,
            maxInFlight,
            maxPending,
            maxPendingBytes,
            clock);
    return new EventGridClient(config, new Topics(settings, credential, retry, coalescing, around));
  }

  private HttpClient ownHttpClient() {
    HttpClient.Builder own =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(requestTimeout);
    return (sslContext == null ? own : own.sslContext(sslContext)).build();
  }

  /**
   * A topic that is open.
   *
   * @param way to its endpoint
   * @param sink that, with what goes around it
   */
  record Topic(EventGridSink way, EventSink sink) {}

  /** Opens topics, with what goes around them. */
  record Topics(
      SinkSettings settings,
      @Nullable EventGridCredential credential,
      @Nullable RetryPolicy retry,
      @Nullable CoalescingPolicy coalescing,
      BiFunction<String, EventSink, EventSink> around) {

    Topic open(EventGridTopicConfig topic) {
      EventGridSink way = new EventGridSink(topic, credentialOf(topic), settings);
      EventSink sink = way;
      if (retry != null) {
        sink = new ResilientSink(sink, Resilience.builder().retry(retry).build());
      }
      if (coalescing != null) {
        sink = new CoalescingSink(sink, coalescing);
      }
      return new Topic(way, around.apply(topic.name(), sink));
    }

    EventGridCredential credentialOf(EventGridTopicConfig topic) {
      EventGridCredential shown = topic.credential() == null ? credential : topic.credential();
      if (shown == null) {
        throw new IllegalArgumentException(
            "topic " + topic.name() + " has no credential, and the client has none either");
      }
      return shown;
    }
  }
}
