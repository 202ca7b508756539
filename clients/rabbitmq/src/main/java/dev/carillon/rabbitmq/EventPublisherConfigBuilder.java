package dev.carillon.rabbitmq;

import dev.carillon.amqp.MessageFormat;
import dev.carillon.schemas.SchemaRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Builds an {@link EventPublisherConfig}. Not thread-safe. */
public final class EventPublisherConfigBuilder {
  private String rabbitmqUrl = "amqp://localhost:5672";
  private String exchangeName = MessageFormat.EVENTS_EXCHANGE;
  private boolean declareExchange = true;
  private int retryAttempts = 3;
  private Duration retryDelay = Duration.ofSeconds(1);
  private Duration maxRetryDelay = Duration.ofSeconds(10);
  private boolean enableValidation = true;
  private @Nullable SchemaRegistry schemas;
  private Duration connectionTimeout = Duration.ofSeconds(10);
  private Duration socketTimeout = Duration.ofSeconds(10);
  private Duration heartbeat = Duration.ofMinutes(10);
  private Duration blockedConnectionTimeout = Duration.ofMinutes(5);
  private Duration publishTimeout = Duration.ofSeconds(30);
  private Duration closeTimeout = Duration.ofSeconds(10);
  private boolean mandatory = true;
  private int channels = 2;
  private int maxInFlight = 1_000;
  private int maxPending = 10_000;
  private long maxPendingBytes = 64 << 20;
  private int maxEventBytes = 16 << 20;
  private String appId = "carillon";
  private @Nullable MessageFormat format;
  private @Nullable Supplier<@Nullable String> organizationId;
  private @Nullable Supplier<@Nullable String> traceparent;
  private @Nullable SSLContext sslContext;
  private Clock clock = Clock.systemUTC();

  EventPublisherConfigBuilder() {}

  /**
   * Where the broker is: {@code amqp://user:password@host:port/vhost}; {@code
   * amqp://localhost:5672} by default.
   */
  public EventPublisherConfigBuilder rabbitmqUrl(String value) {
    rabbitmqUrl = value;
    return this;
  }

  /** The exchange to publish to; {@code fitviz.events} by default. */
  public EventPublisherConfigBuilder exchangeName(String value) {
    exchangeName = value;
    return this;
  }

  /** Whether to declare the exchange as a durable topic exchange; true by default. */
  public EventPublisherConfigBuilder declareExchange(boolean value) {
    declareExchange = value;
    return this;
  }

  /** How often to try again before an event fails; 3 by default. */
  public EventPublisherConfigBuilder retryAttempts(int value) {
    retryAttempts = value;
    return this;
  }

  /**
   * The wait after an attempt to connect has failed, 1 s by default; doubles with each, spread at
   * random. After a connection fell, the first new attempt is made at once.
   */
  public EventPublisherConfigBuilder retryDelay(Duration value) {
    retryDelay = value;
    return this;
  }

  /** The longest wait before trying again; 10 s by default. */
  public EventPublisherConfigBuilder maxRetryDelay(Duration value) {
    maxRetryDelay = value;
    return this;
  }

  /** Whether data is checked against the schema of its type; true by default. */
  public EventPublisherConfigBuilder enableValidation(boolean value) {
    enableValidation = value;
    return this;
  }

  /** The schemas to check against; by default those of the domain's own fourteen types. */
  public EventPublisherConfigBuilder schemas(SchemaRegistry value) {
    schemas = value;
    return this;
  }

  /** How long TCP and TLS may take to connect; 10 s by default. */
  public EventPublisherConfigBuilder connectionTimeout(Duration value) {
    connectionTimeout = value;
    return this;
  }

  /** How long the broker may take to answer; 10 s by default. */
  public EventPublisherConfigBuilder socketTimeout(Duration value) {
    socketTimeout = value;
    return this;
  }

  /**
   * How often either side shows that it is there; zero for never; 10 min by default. The broker's
   * own interval (60 s of RabbitMQ's) counts where that is shorter.
   */
  public EventPublisherConfigBuilder heartbeat(Duration value) {
    heartbeat = value;
    return this;
  }

  /**
   * How long the broker may block publishing before the connection is given up; 5 min by default.
   */
  public EventPublisherConfigBuilder blockedConnectionTimeout(Duration value) {
    blockedConnectionTimeout = value;
    return this;
  }

  /** Within what time every event has its outcome; 30 s by default. */
  public EventPublisherConfigBuilder publishTimeout(Duration value) {
    publishTimeout = value;
    return this;
  }

  /** How long closing waits for what is on its way; 10 s by default. */
  public EventPublisherConfigBuilder closeTimeout(Duration value) {
    closeTimeout = value;
    return this;
  }

  /** Whether an event that no queue takes counts as failed; true by default. */
  public EventPublisherConfigBuilder mandatory(boolean value) {
    mandatory = value;
    return this;
  }

  /** How many channels publish at once, each with a thread; 2 by default. */
  public EventPublisherConfigBuilder channels(int value) {
    channels = value;
    return this;
  }

  /** How many unconfirmed events a channel has at most; 1,000 by default. */
  public EventPublisherConfigBuilder maxInFlight(int value) {
    maxInFlight = value;
    return this;
  }

  /**
   * How many events may wait or be on their way; 10,000 by default. Batches go in parts that leave
   * half of it free.
   */
  public EventPublisherConfigBuilder maxPending(int value) {
    maxPending = value;
    return this;
  }

  /** How large those that wait or are on their way may be together; 64 MiB by default. */
  public EventPublisherConfigBuilder maxPendingBytes(long value) {
    maxPendingBytes = value;
    return this;
  }

  /** How large one event may be on the wire; 16 MiB by default. */
  public EventPublisherConfigBuilder maxEventBytes(int value) {
    maxEventBytes = value;
    return this;
  }

  /**
   * The AMQP property of that name, also part of the connection's name; {@code carillon} by
   * default.
   */
  public EventPublisherConfigBuilder appId(String value) {
    appId = value;
    return this;
  }

  /** How events become messages; JSON by default. */
  public EventPublisherConfigBuilder format(MessageFormat value) {
    format = value;
    return this;
  }

  /**
   * Asked, on the thread that calls {@code publish}, {@code send} or the like, for the organization
   * of events that name none; once for a list, whatever its events name. Nobody by default.
   */
  public EventPublisherConfigBuilder organizationId(Supplier<@Nullable String> value) {
    organizationId = value;
    return this;
  }

  /**
   * Asked, on the thread that calls {@code publish}, {@code send} or the like, for the W3C trace
   * context of each event; once for a list. Nobody by default.
   */
  public EventPublisherConfigBuilder traceparent(Supplier<@Nullable String> value) {
    traceparent = value;
    return this;
  }

  /** Trust and keys of TLS; by default those of the JVM. */
  public EventPublisherConfigBuilder sslContext(SSLContext value) {
    sslContext = value;
    return this;
  }

  /** Where event times come from; the system's clock by default. */
  public EventPublisherConfigBuilder clock(Clock value) {
    clock = value;
    return this;
  }

  /** The configuration. */
  public EventPublisherConfig build() {
    return new EventPublisherConfig(
        rabbitmqUrl,
        exchangeName,
        declareExchange,
        retryAttempts,
        retryDelay,
        maxRetryDelay,
        enableValidation,
        schemas,
        connectionTimeout,
        socketTimeout,
        heartbeat,
        blockedConnectionTimeout,
        publishTimeout,
        closeTimeout,
        mandatory,
        channels,
        maxInFlight,
        maxPending,
        maxPendingBytes,
        maxEventBytes,
        appId,
        format,
        organizationId,
        traceparent,
        sslContext,
        clock);
  }
}
