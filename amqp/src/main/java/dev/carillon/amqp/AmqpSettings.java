package dev.carillon.amqp;

import dev.carillon.core.Ranges;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is made and kept.
 *
 * @param url where the broker is
 * @param name what the broker's own pages show the connection as
 * @param connectionTimeout how long TCP and TLS may take to connect
 * @param socketTimeout how long the broker may take to answer what the client asks of it
 * @param heartbeat how often each side shows that it is there; the smaller of this and the broker's
 *     own wish counts, zero asks for none
 * @param blockedConnectionTimeout how long the broker may keep the connection blocked until it is
 *     given up
 * @param retryAttempts how often to try again before callers hear that the broker cannot be had;
 *     the trying goes on all the same
 * @param retryDelay the wait after the first failure; it doubles, and is spread at random
 * @param maxRetryDelay the longest wait
 * @param sslContext the trust and keys of TLS; null for those of the JVM. The broker's name is
 *     checked against its certificate in any case
 */
public record AmqpSettings(
    AmqpUrl url,
    String name,
    Duration connectionTimeout,
    Duration socketTimeout,
    Duration heartbeat,
    Duration blockedConnectionTimeout,
    int retryAttempts,
    Duration retryDelay,
    Duration maxRetryDelay,
    @Nullable SSLContext sslContext) {

  /** Checks the ranges. */
  public AmqpSettings {
    Ranges.positive("connectionTimeout", connectionTimeout);
    Ranges.positive("socketTimeout", socketTimeout);
    Ranges.positive("blockedConnectionTimeout", blockedConnectionTimeout);
    Ranges.positive("retryDelay", retryDelay);
    Ranges.notNegative("heartbeat", heartbeat);
    Ranges.notNegative("retryAttempts", retryAttempts);
    if (maxRetryDelay.compareTo(retryDelay) < 0) {
      maxRetryDelay = retryDelay;
    }
  }

  /**
   * The settings that the documents of the RabbitMQ client name: 10 s to connect and to answer, a
   * heartbeat of 600 s, 300 s blocked, three further attempts from 1 s to 10 s apart.
   */
  public static AmqpSettings ofDefaults(AmqpUrl url, String name) {
    return new AmqpSettings(
        url,
        name,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        3,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        null);
  }
}
