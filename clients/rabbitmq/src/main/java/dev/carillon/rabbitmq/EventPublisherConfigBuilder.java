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
  private String exchangeName = "fitviz.events";
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

  /** Where the broker is: {@code amqp://user:password@host:port/vhost}. */
  public EventPublisherConfigBuilder rabbitmqUrl(String value) {
    rabbitmqUrl = value;
    return this;
  }

  /** The exchange to publish to. */
  public EventPublisherConfigBuilder exchangeName(String value) {
    exchangeName = value;
    return this;
  }

  /** Whether to declare the exchange as a durable topic exchange. */
  public EventPublisherConfigBuilder declareExchange(boolean value) {
    declareExchange = value;
    return this;
  }

  /** How often to try again before an event fails. */
  public EventPublisherConfigBuilder retryAttempts(int value) {
    retryAttempts = value;
    return this;
  }

  /** The first wait before trying again. */
  public EventPublisherConfigBuilder retryDelay(Duration value) {
    retryDelay = value;
    return this;
  }

  /** The longest wait before trying again. */
  public EventPublisherConfigBuilder maxRetryDelay(Duration value) {
    maxRetryDelay = value;
    return this;
  }

  /** Whether data is checked against the schema of its type. */
  public EventPublisherConfigBuilder enableValidation(boolean value) {
    enableValidation = value;
    return this;
  }

  /** The schemas to check against. */
  public EventPublisherConfigBuilder schemas(SchemaRegistry value) {
    schemas = value;
    return this;
  }

  /** How long TCP and TLS may take to connect. */
  public EventPublisherConfigBuilder connectionTimeout(Duration value) {
    connectionTimeout = value;
    return this;
  }

  /** How long the broker may take to answer. */
  public EventPublisherConfigBuilder socketTimeout(Duration value) {
    socketTimeout = value;
    return this;
  }

  /** How often either side shows that it is there; zero for never. */
  public EventPublisherConfigBuilder heartbeat(Duration value) {
    heartbeat = value;
    return this;
  }

  /** How long the broker may block publishing. */
  public EventPublisherConfigBuilder blockedConnectionTimeout(Duration value) {
    blockedConnectionTimeout = value;
    return this;
  }

  /** Within what time every event has its outcome. */
  public EventPublisherConfigBuilder publishTimeout(Duration value) {
    publishTimeout = value;
    return this;
  }

  /** How long closing waits for what is on its way. */
  public EventPublisherConfigBuilder closeTimeout(Duration value) {
    closeTimeout = value;
    return this;
  }

  /** Whether an event that no queue takes counts as failed. */
  public EventPublisherConfigBuilder mandatory(boolean value) {
    mandatory = value;
    return this;
  }

  /** How many channels publish at once. */
  public EventPublisherConfigBuilder channels(int value) {
    channels = value;
    return this;
  }

  /** How many unconfirmed events a channel has at most. */
  public EventPublisherConfigBuilder maxInFlight(int value) {
    maxInFlight = value;
    return this;
  }

  /** How many events may wait or be on their way. */
  public EventPublisherConfigBuilder maxPending(int value) {
    maxPending = value;
    return this;
  }

  /** How large those that wait or are on their way may be together. */
  public EventPublisherConfigBuilder maxPendingBytes(long value) {
    maxPendingBytes = value;
    return this;
  }

  /** How large one event may be on the wire. */
  public EventPublisherConfigBuilder maxEventBytes(int value) {
    maxEventBytes = value;
    return this;
  }

  /** The AMQP property of that name, also part of the connection's name. */
  public EventPublisherConfigBuilder appId(String value) {
    appId = value;
    return this;
  }

  /** How events become messages. */
  public EventPublisherConfigBuilder format(MessageFormat value) {
    format = value;
    return this;
  }

  /** Asked, on the publishing thread, for the organization of events that name none. */
  public EventPublisherConfigBuilder organizationId(Supplier<@Nullable String> value) {
    organizationId = value;
    return this;
  }

  /** Asked, on the publishing thread, for the W3C trace context of each event. */
  public EventPublisherConfigBuilder traceparent(Supplier<@Nullable String> value) {
    traceparent = value;
    return this;
  }

  /** Trust and keys of TLS. */
  public EventPublisherConfigBuilder sslContext(SSLContext value) {
    sslContext = value;
    return this;
  }

  /** Where event times come from. */
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
