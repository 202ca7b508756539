package dev.carillon.hub.server;

import dev.carillon.core.Ranges;
import dev.carillon.hub.eventgrid.EventGridSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a hub runs.
 *
 * @param data the folder that holds the events
 * @param bind the address to listen on; beyond loopback only with an API key
 * @param httpPort the HTTP port; 0 picks a free one
 * @param apiKey the key that clients must show; null asks for none
 * @param eventRetention how long events stay in the event log, at most 36,500 days; zero keeps all
 * @param timeouts how long it waits for those who talk to it
 * @param analytics how it keeps conversation analytics
 * @param bus how it runs its event bus
 * @param eventGrid how it plays Event Grid
 * @param amqp how it takes part in AMQP
 */
record HubConfig(
    Path data,
    String bind,
    int httpPort,
    @Nullable String apiKey,
    Duration eventRetention,
    Timeouts timeouts,
    AnalyticsConfig analytics,
    BusConfig bus,
    EventGridSettings eventGrid,
    AmqpConfig amqp) {

  static final String LOOPBACK = "127.0.0.1";
  static final int HTTP_PORT = 8080;
  private static final Duration MAX_RETENTION = Duration.ofDays(36_500);

  /**
   * Whether the process is one part of a distributed pipeline alone: it keeps nothing, and has
   * neither an event log nor what needs one.
   */
  boolean isStateless() {
    return analytics.pipeline().isStateless();
  }

  /** Throws, with a text fit for a person, if a hub must not run like this. */
  void check() {
    requireRetention("events", eventRetention);
    analytics.check();
    bus.check();
    amqp.check();
    if (isStateless()
        && (amqp.port() != null || amqp.url() != null || bus.acknowledgePort() != null)) {
      throw new IllegalArgumentException(
          "a process of one role alone (--role) has no event log for AMQP or the bus");
    }
    if (isStateless() && !eventRetention.isZero()) {
      throw new IllegalArgumentException(
          "a process of one role alone (--role) has no event log for --event-retention-days");
    }
    if (apiKey != null) {
      Ranges.text("the API key", apiKey);
      Ranges.printable("the API key", apiKey);
      if (!apiKey.equals(apiKey.strip())) {
        throw new IllegalArgumentException("the API key has blanks around it, which no header has");
      }
    }
    if (apiKey == null && !isLoopback(bind)) {
      throw new IllegalArgumentException(
          "binding to " + bind + ", beyond loopback, needs an API key (--api-key)");
    }
  }

  /** Throws, with a text fit for a person, if these events cannot be kept for so long. */
  static void requireRetention(String events, Duration retention) {
    if (retention.isNegative()) {
      throw new IllegalArgumentException("the retention of " + events + " is negative");
    }
    if (retention.compareTo(MAX_RETENTION) > 0) {
      throw new IllegalArgumentException(
          "the retention of %s is longer than %d days (0 keeps all)"
              .formatted(events, MAX_RETENTION.toDays()));
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no such address to bind to: " + address, e);
    }
  }

  /** Where the bus listens: an API key does not guard it, so by itself it stays on loopback. */
  String busBind() {
    if (bus.bind() != null) {
      return bus.bind();
    }
    return bus.secretKeys() != null || isLoopback(bind) ? bind : LOOPBACK;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "HubConfig[data=" + data + ", bind=" + bind + ", httpPort=" + httpPort + "]";
  }
}
