package dev.carillon.rabbitmq;

import dev.carillon.amqp.AmqpSettings;
import dev.carillon.amqp.AmqpUrl;
import dev.carillon.amqp.MessageFormat;
import dev.carillon.core.Ranges;
import dev.carillon.schemas.SchemaRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a publisher works. Made by {@link #builder} or {@link #fromEnvironment}; prints itself
 * without credentials.
 *
 * @param rabbitmqUrl where the broker is; {@code amqps} for TLS
 * @param exchangeName the topic exchange to publish to; default {@code fitviz.events}
 * @param declareExchange whether to declare it as a durable topic exchange; default true
 * @param retryAttempts how often to connect again, and to send again what was unconfirmed when a
 *     connection fell, before an event fails; default 3
 * @param retryDelay the wait before the second of them, doubled from then on and spread at random;
 *     default 1 s
 * @param maxRetryDelay the longest wait; default 10 s
 * @param enableValidation whether data is checked against the schema of its type; default true
 * @param schemas what to check against; null for the schemas of the domain's own fourteen types
 * @param connectionTimeout how long TCP and TLS may take; default 10 s
 * @param socketTimeout how long the broker may take to answer or, while events are on their way, to
 *     confirm any of them, before the connection is given up; default 10 s
 * @param heartbeat default 600 s; RabbitMQ's own wish, 60 s, wins where it is smaller
 * @param blockedConnectionTimeout how long the broker may block publishing before the connection is
 *     given up; default 300 s
 * @param publishTimeout within what time every event has its outcome, resends included; default 30
 *     s
 * @param closeTimeout how long closing waits for what is on its way; default 10 s
 * @param mandatory whether an event that no queue takes counts as failed; default true
 * @param channels how many channels publish at once, each with a thread; one thread's events always
 *     take the same, in order; default 2
 * @param maxInFlight how many unconfirmed events a channel has at most; default 1,000
 * @param maxPending how many events may wait or be on their way; default 10,000. Batches go in
 *     parts that leave half of it free
 * @param maxPendingBytes how large they may be together; default 64 MiB
 * @param maxEventBytes how large one may be on the wire; default 16 MiB, as in RabbitMQ 4
 * @param appId the AMQP property of that name; default {@code carillon}
 * @param format how events become messages; default JSON
 * @param organizationId asked for the organization of events that name none
 * @param traceparent asked for the W3C trace context of each event; null for none
 * @param sslContext trust and keys of TLS; null for those of the JVM
 * @param clock where event times come from; default the system's
 */
public record EventPublisherConfig(
    String rabbitmqUrl,
    String exchangeName,
    boolean declareExchange,
    int retryAttempts,
    Duration retryDelay,
    Duration maxRetryDelay,
    boolean enableValidation,
    @Nullable SchemaRegistry schemas,
    Duration connectionTimeout,
    Duration socketTimeout,
    Duration heartbeat,
    Duration blockedConnectionTimeout,
    Duration publishTimeout,
    Duration closeTimeout,
    boolean mandatory,
    int channels,
    int maxInFlight,
    int maxPending,
    long maxPendingBytes,
    int maxEventBytes,
    String appId,
    @Nullable MessageFormat format,
    @Nullable Supplier<@Nullable String> organizationId,
    @Nullable Supplier<@Nullable String> traceparent,
    @Nullable SSLContext sslContext,
    Clock clock) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming what is wrong, without credentials
   */
  public EventPublisherConfig {
    Ranges.text("exchangeName", exchangeName);
    Ranges.atLeast("channels", channels, 1);
    Ranges.atLeast("maxInFlight", maxInFlight, 1);
    Ranges.atLeast("maxPending", maxPending, 1);
    Ranges.atLeast("maxPendingBytes", maxPendingBytes, 1);
    Ranges.atLeast("maxEventBytes", maxEventBytes, 1);
    Ranges.positive("publishTimeout", publishTimeout);
    Ranges.notNegative("closeTimeout", closeTimeout);
  }

  /** A builder that starts from the defaults and {@code amqp://localhost:5672}. */
  public static EventPublisherConfigBuilder builder() {
    return new EventPublisherConfigBuilder();
  }

  /**
   * A builder that starts from the environment: {@code RABBITMQ_URL}, {@code
   * RABBITMQ_EXCHANGE_NAME}, {@code RABBITMQ_ORGANIZATION_ID} and so on, each parameter's name in
   * capitals; times in seconds.
   *
   * @throws IllegalArgumentException naming the variable whose value cannot be used
   */
  public static EventPublisherConfigBuilder fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  static EventPublisherConfigBuilder fromEnvironment(Map<String, String> environment) {
    return Environment.apply(environment, Environment.PUBLISHER, builder());
  }

  AmqpSettings link() {
    return new AmqpSettings(
        AmqpUrl.of(rabbitmqUrl),
        appId + " publisher",
        connectionTimeout,
        socketTimeout,
        heartbeat,
        blockedConnectionTimeout,
        retryAttempts,
        retryDelay,
        maxRetryDelay,
        sslContext);
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return "EventPublisherConfig[" + AmqpUrl.of(rabbitmqUrl) + ", exchange=" + exchangeName + "]";
  }
}
