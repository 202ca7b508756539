package dev.carillon.hub.server;

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
 * @param bodyTimeout how long a request's body may take to arrive
 * @param analytics how it keeps conversation analytics
 */
public record HubConfig(
    Path data,
    String bind,
    int httpPort,
    @Nullable String apiKey,
    Duration bodyTimeout,
    AnalyticsConfig analytics) {

  /** A hub on {@code 127.0.0.1:8080} without a key, with 10 seconds for a body. */
  public static HubConfig ofDefaults(Path data) {
    return new HubConfig(
        data, "127.0.0.1", 8080, null, Duration.ofSeconds(10), AnalyticsConfig.ofDefaults());
  }

  /** This configuration with another port; 0 picks a free one. */
  public HubConfig withHttpPort(int port) {
    return new HubConfig(data, bind, port, apiKey, bodyTimeout, analytics);
  }

  /** This configuration with a key that clients must show. */
  public HubConfig withApiKey(@Nullable String key) {
    return new HubConfig(data, bind, httpPort, key, bodyTimeout, analytics);
  }

  /** This configuration with another time for a body to arrive. */
  public HubConfig withBodyTimeout(Duration timeout) {
    return new HubConfig(data, bind, httpPort, apiKey, timeout, analytics);
  }

  /** This configuration with other conversation analytics. */
  public HubConfig withAnalytics(AnalyticsConfig other) {
    return new HubConfig(data, bind, httpPort, apiKey, bodyTimeout, other);
  }

  /** Throws, with a text fit for a person, if a hub must not run like this. */
  void check() {
    analytics.check();
    if (apiKey != null && apiKey.isBlank()) {
      throw new IllegalArgumentException("the API key is blank");
    }
    try {
      if (apiKey == null && !InetAddress.getByName(bind).isLoopbackAddress()) {
        throw new IllegalArgumentException(
            "binding to " + bind + ", beyond loopback, needs an API key (--api-key)");
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no such address to bind to: " + bind, e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "HubConfig[data=" + data + ", bind=" + bind + ", httpPort=" + httpPort + "]";
  }
}
