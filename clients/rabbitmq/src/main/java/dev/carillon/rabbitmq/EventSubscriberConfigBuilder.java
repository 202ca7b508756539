package dev.carillon.rabbitmq;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Builds an {@link EventSubscriberConfig}. Not thread-safe. */
public final class EventSubscriberConfigBuilder {
  private String rabbitmqUrl = "amqp://localhost:5672";
  private String exchangeName = "fitviz.events";
  private boolean declareExchange = true;
  private @Nullable String queue;
  private Map<String, Object> queueArguments = Map.of();
  private List<String> bindings = List.of();
  private int prefetch = 100;
  private int concurrency = 1;
  private int retryAttempts = 3;
  private Duration retryDelay = Duration.ofSeconds(1);
  private Duration maxRetryDelay = Duration.ofMinutes(1);
  private boolean deadLetters = true;
  private int rememberedIds = 10_000;
  private Duration connectionTimeout = Duration.ofSeconds(10);
  private Duration socketTimeout = Duration.ofSeconds(10);
  private Duration heartbeat = Duration.ofMinutes(10);
  private Duration reconnectDelay = Duration.ofSeconds(1);
  private Duration maxReconnectDelay = Duration.ofSeconds(10);
  private @Nullable SSLContext sslContext;

  EventSubscriberConfigBuilder() {}

  /** Where the broker is: {@code amqp://user:password@host:port/vhost}. */
  public EventSubscriberConfigBuilder rabbitmqUrl(String value) {
    rabbitmqUrl = value;
    return this;
  }

  /** The exchange whose events are wanted. */
  public EventSubscriberConfigBuilder exchangeName(String value) {
    exchangeName = value;
    return this;
  }

  /** Whether to declare the exchange as a durable topic exchange. */
  public EventSubscriberConfigBuilder declareExchange(boolean value) {
    declareExchange = value;
    return this;
  }

  /** The durable queue that keeps events while nobody listens. */
  public EventSubscriberConfigBuilder queue(String value) {
    queue = value;
    return this;
  }

  /** Further arguments of the queue, as the broker knows them. */
  public EventSubscriberConfigBuilder queueArguments(Map<String, Object> value) {
    queueArguments = value;
    return this;
  }

  /** Which routing keys come into the queue. */
  public EventSubscriberConfigBuilder bindings(String... value) {
    bindings = List.of(value);
    return this;
  }

  /** How many messages a consumer holds at most. */
  public EventSubscriberConfigBuilder prefetch(int value) {
    prefetch = value;
    return this;
  }

  /** How many consumers, each with a thread, call a subscription's handler. */
  public EventSubscriberConfigBuilder concurrency(int value) {
    concurrency = value;
    return this;
  }

  /** How often an event whose handler threw is handed over again. */
  public EventSubscriberConfigBuilder retryAttempts(int value) {
    retryAttempts = value;
    return this;
  }

  /** The first wait before an event is handed over again. */
  public EventSubscriberConfigBuilder retryDelay(Duration value) {
    retryDelay = value;
    return this;
  }

  /** The longest wait before an event is handed over again. */
  public EventSubscriberConfigBuilder maxRetryDelay(Duration value) {
    maxRetryDelay = value;
    return this;
  }

  /** Whether messages of a named queue that cannot be handled are kept. */
  public EventSubscriberConfigBuilder deadLetters(boolean value) {
    deadLetters = value;
    return this;
  }

  /** Of how many events handled last the ids are known. */
  public EventSubscriberConfigBuilder rememberedIds(int value) {
    rememberedIds = value;
    return this;
  }

  /** How long TCP and TLS may take to connect. */
  public EventSubscriberConfigBuilder connectionTimeout(Duration value) {
    connectionTimeout = value;
    return this;
  }

  /** How long the broker may take to answer. */
  public EventSubscriberConfigBuilder socketTimeout(Duration value) {
    socketTimeout = value;
    return this;
  }

  /** How often either side shows that it is there; zero for never. */
  public EventSubscriberConfigBuilder heartbeat(Duration value) {
    heartbeat = value;
    return this;
  }

  /** The first wait before connecting again. */
  public EventSubscriberConfigBuilder reconnectDelay(Duration value) {
    reconnectDelay = value;
    return this;
  }

  /** The longest wait before connecting again. */
  public EventSubscriberConfigBuilder maxReconnectDelay(Duration value) {
    maxReconnectDelay = value;
    return this;
  }

  /** Trust and keys of TLS. */
  public EventSubscriberConfigBuilder sslContext(SSLContext value) {
    sslContext = value;
    return this;
  }

  /** The configuration. */
  public EventSubscriberConfig build() {
    return new EventSubscriberConfig(
        rabbitmqUrl,
        exchangeName,
        declareExchange,
        queue,
        queueArguments,
        bindings,
        prefetch,
        concurrency,
        retryAttempts,
        retryDelay,
        maxRetryDelay,
        deadLetters,
        rememberedIds,
        connectionTimeout,
        socketTimeout,
        heartbeat,
        reconnectDelay,
        maxReconnectDelay,
        sslContext);
  }
}
