package dev.carillon.rabbitmq;

import dev.carillon.amqp.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Builds an {@link EventSubscriberConfig}. Not thread-safe. */
public final class EventSubscriberConfigBuilder {
  private String rabbitmqUrl = "amqp://localhost:5672";
  private String exchangeName = MessageFormat.EVENTS_EXCHANGE;
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

  /**
   * Where the broker is: {@code amqp://user:password@host:port/vhost}; {@code
   * amqp://localhost:5672} by default.
   */
  public EventSubscriberConfigBuilder rabbitmqUrl(String value) {
    rabbitmqUrl = value;
    return this;
  }

  /** The exchange whose events are wanted; {@code fitviz.events} by default. */
  public EventSubscriberConfigBuilder exchangeName(String value) {
    exchangeName = value;
    return this;
  }

  /** Whether to declare the exchange as a durable topic exchange; true by default. */
  public EventSubscriberConfigBuilder declareExchange(boolean value) {
    declareExchange = value;
    return this;
  }

  /**
   * The durable queue that keeps events while nobody listens; by default each subscription has one
   * of its own, which ends with its connection.
   */
  public EventSubscriberConfigBuilder queue(String value) {
    queue = value;
    return this;
  }

  /** Further arguments of the queue, as the broker knows them; none by default. */
  public EventSubscriberConfigBuilder queueArguments(Map<String, Object> value) {
    queueArguments = value;
    return this;
  }

  /**
   * Which routing keys come into the queue, {@code workout.*}; by default those that the
   * subscription's filter wants.
   */
  public EventSubscriberConfigBuilder bindings(String... value) {
    bindings = List.of(value);
    return this;
  }

  /** How many messages a consumer holds at most; 100 by default. */
  public EventSubscriberConfigBuilder prefetch(int value) {
    prefetch = value;
    return this;
  }

  /**
   * How many consumers, each with a thread, call a subscription's handler; 1 by default, which
   * keeps the order.
   */
  public EventSubscriberConfigBuilder concurrency(int value) {
    concurrency = value;
    return this;
  }

  /** How often an event whose handler threw is handed over again; 3 by default. */
  public EventSubscriberConfigBuilder retryAttempts(int value) {
    retryAttempts = value;
    return this;
  }

  /** The first wait before an event is handed over again; 1 s by default. */
  public EventSubscriberConfigBuilder retryDelay(Duration value) {
    retryDelay = value;
    return this;
  }

  /** The longest wait before an event is handed over again, 15 min at most; 1 min by default. */
  public EventSubscriberConfigBuilder maxRetryDelay(Duration value) {
    maxRetryDelay = value;
    return this;
  }

  /** Whether messages of a named queue that cannot be handled are kept; true by default. */
  public EventSubscriberConfigBuilder deadLetters(boolean value) {
    deadLetters = value;
    return this;
  }

  /** Of how many events handled last the ids are known, 0 for none; 10,000 by default. */
  public EventSubscriberConfigBuilder rememberedIds(int value) {
    rememberedIds = value;
    return this;
  }

  /** How long TCP and TLS may take to connect; 10 s by default. */
  public EventSubscriberConfigBuilder connectionTimeout(Duration value) {
    connectionTimeout = value;
    return this;
  }

  /** How long the broker may take to answer; 10 s by default. */
  public EventSubscriberConfigBuilder socketTimeout(Duration value) {
    socketTimeout = value;
    return this;
  }

  /** How often either side shows that it is there; zero for never; 10 min by default. */
  public EventSubscriberConfigBuilder heartbeat(Duration value) {
    heartbeat = value;
    return this;
  }

  /** The first wait before connecting again; 1 s by default. */
  public EventSubscriberConfigBuilder reconnectDelay(Duration value) {
    reconnectDelay = value;
    return this;
  }

  /** The longest wait before connecting again; 10 s by default. */
  public EventSubscriberConfigBuilder maxReconnectDelay(Duration value) {
    maxReconnectDelay = value;
    return this;
  }

  /** Trust and keys of TLS; by default those of the JVM. */
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
