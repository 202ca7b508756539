package dev.carillon.rabbitmq;

import dev.carillon.amqp.AmqpSettings;
import dev.carillon.amqp.AmqpUrl;
import dev.carillon.core.Ranges;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a subscriber works. Made by {@link #builder} or {@link #fromEnvironment}; prints itself
 * without credentials.
 *
 * @param rabbitmqUrl where the broker is; {@code amqps} for TLS
 * @param exchangeName the topic exchange whose events are wanted; default {@code fitviz.events}
 * @param declareExchange whether to declare it as a durable topic exchange; default true
 * @param queue the durable queue that keeps events while nobody listens; null for one of each
 *     subscription's own, which ends with the connection
 * @param queueArguments further arguments of the queue, as the broker knows them: {@code
 *     x-queue-type}, {@code x-max-length}; default none
 * @param bindings which routing keys come into the queue, {@code workout.*}; empty for what the
 *     filter of the subscription wants
 * @param prefetch how many messages a consumer holds at most; default 100
 * @param concurrency how many consumers, each with a thread, call a subscription's handler; default
 *     1, which keeps the order
 * @param retryAttempts how often an event whose handler threw is handed over again; default 3. All
 *     waits together are at most 15 minutes, since the event is not acknowledged meanwhile, and
 *     RabbitMQ takes it back after 30
 * @param retryDelay the wait before the first of them, doubled from then on; default 1 s
 * @param maxRetryDelay the longest wait, at most 15 minutes; default 1 minute
 * @param deadLetters whether messages of a named queue that cannot be handled go to the queue
 *     {@code <queue>.dead-letters} with their reason; default true. If not, they are dropped
 * @param rememberedIds of how many events handled last sources and ids are known, so that the same
 *     event is not handled again; default 10,000, 0 to handle everything that comes
 * @param connectionTimeout how long TCP and TLS may take; default 10 s
 * @param socketTimeout how long the broker may take to answer; default 10 s
 * @param heartbeat default 10 minutes; RabbitMQ's own wish, 60 s, wins where it is smaller
 * @param reconnectDelay the wait before the second attempt to connect, doubled from then on up to
 *     {@code maxReconnectDelay} and spread at random; default 1 s
 * @param maxReconnectDelay default 10 s
 * @param sslContext trust and keys of TLS; null for those of the JVM
 */
public record EventSubscriberConfig(
    String rabbitmqUrl,
    String exchangeName,
    boolean declareExchange,
    @Nullable String queue,
    Map<String, Object> queueArguments,
    List<String> bindings,
    int prefetch,
    int concurrency,
    int retryAttempts,
    Duration retryDelay,
    Duration maxRetryDelay,
    boolean deadLetters,
    int rememberedIds,
    Duration connectionTimeout,
    Duration socketTimeout,
    Duration heartbeat,
    Duration reconnectDelay,
    Duration maxReconnectDelay,
    @Nullable SSLContext sslContext) {

  private static final Duration BLOCKED = Duration.ofMinutes(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
  private static final int MOST_PREFETCHED = 65_535;
  private static final int MOST_DOUBLINGS = 20;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming what is wrong, without credentials
   */
  public EventSubscriberConfig {
    Ranges.text("exchangeName", exchangeName);
    Ranges.atLeast("prefetch", prefetch, 1);
    if (prefetch > MOST_PREFETCHED) {
      throw new IllegalArgumentException("prefetch is above " + MOST_PREFETCHED + ": " + prefetch);
    }
    Ranges.atLeast("concurrency", concurrency, 1);
    Ranges.atLeast("retryAttempts", retryAttempts, 0);
    Ranges.positive("retryDelay", retryDelay);
    if (maxRetryDelay.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("maxRetryDelay is above 15 minutes: " + maxRetryDelay);
    }
    int doubled = Math.min(retryAttempts, MOST_DOUBLINGS);
    Duration wait =
        delay(MOST_DOUBLINGS + 1, retryDelay, maxRetryDelay).multipliedBy(retryAttempts - doubled);
    for (int attempt = 1; attempt <= doubled; attempt++) {
      wait = wait.plus(delay(attempt, retryDelay, maxRetryDelay));
    }
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "retryAttempts, retryDelay and maxRetryDelay add up to more than 15 minutes: "
              + (retryAttempts + ", " + retryDelay + ", " + maxRetryDelay));
    }
    Ranges.atLeast("rememberedIds", rememberedIds, 0);
    queueArguments = Map.copyOf(queueArguments);
    bindings = List.copyOf(bindings);
  }

  /** A builder that starts from the defaults and {@code amqp://localhost:5672}. */
  public static EventSubscriberConfigBuilder builder() {
    return new EventSubscriberConfigBuilder();
  }

  /**
   * A builder that starts from the environment: {@code RABBITMQ_URL}, {@code
   * RABBITMQ_EXCHANGE_NAME}, {@code RABBITMQ_QUEUE}, {@code RABBITMQ_BINDINGS} (with commas
   * between) and so on, each parameter's name in capitals; times in seconds. Names that {@link
   * EventPublisherConfig#fromEnvironment} knows too count for both.
   *
   * @throws IllegalArgumentException naming the variable whose value cannot be used
   */
  public static EventSubscriberConfigBuilder fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  static EventSubscriberConfigBuilder fromEnvironment(Map<String, String> environment) {
    return Environment.apply(environment, Environment.SUBSCRIBER, builder());
  }

  AmqpSettings link() {
    return new AmqpSettings(
        AmqpUrl.of(rabbitmqUrl),
        "carillon subscriber",
        connectionTimeout,
        socketTimeout,
        heartbeat,
        BLOCKED,
        0,
        reconnectDelay,
        maxReconnectDelay,
        sslContext);
  }

  /** The wait after an event's handler has thrown, so many times. */
  Duration delayAfter(int attempts) {
    return delay(attempts, retryDelay, maxRetryDelay);
  }

  private static Duration delay(int attempt, Duration first, Duration longest) {
    int doublings = Math.min(MOST_DOUBLINGS, attempt - 1);
    return first.compareTo(longest.dividedBy(1L << doublings)) > 0
        ? longest
        : first.multipliedBy(1L << doublings);
  }

  /** Where dead letters of the queue are kept; null if they are not. */
  @Nullable String deadLetterQueue() {
    return queue == null || !deadLetters ? null : queue + ".dead-letters";
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return "EventSubscriberConfig["
        + AmqpUrl.of(rabbitmqUrl)
        + ", exchange="
        + exchangeName
        + ", queue="
        + queue
        + "]";
  }
}
