package dev.carillon.hub.server;

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
 * @param bodyTimeout how long a request's body may take to arrive
 * @param analytics how it keeps conversation analytics
 * @param bus how it runs its event bus
 * @param eventGrid how it plays Event Grid
 */
public record HubConfig(
    Path data,
    String bind,
    int httpPort,
    @Nullable String apiKey,
    Duration bodyTimeout,
    AnalyticsConfig analytics,
    BusConfig bus,
    EventGridSettings eventGrid) {

  /** A hub on {@code 127.0.0.1:8080} without a key, with 10 seconds for a body. */
  public static HubConfig ofDefaults(Path data) {
    return new HubConfig(
        data,
        "127.0.0.1",
        8080,
        null,
        Duration.ofSeconds(10),
        AnalyticsConfig.ofDefaults(),
        BusConfig.ofDefaults(),
        EventGridSettings.ofDefaults());
  }

  /** This configuration on another address. */
  public HubConfig withBind(String address) {
    return new HubConfig(data, address, httpPort, apiKey, bodyTimeout, analytics, bus, eventGrid);
  }

  /** This configuration with another port; 0 picks a free one. */
  public HubConfig withHttpPort(int port) {
    return new HubConfig(data, bind, port, apiKey, bodyTimeout, analytics, bus, eventGrid);
  }

  /** This configuration with a key that clients must show. */
  public HubConfig withApiKey(@Nullable String key) {
    return new HubConfig(data, bind, httpPort, key, bodyTimeout, analytics, bus, eventGrid);
  }

  /** This configuration with another time for a body to arrive. */
  public HubConfig withBodyTimeout(Duration timeout) {
    return new HubConfig(data, bind, httpPort, apiKey, timeout, analytics, bus, eventGrid);
  }

  /** This configuration with other conversation analytics. */
  public HubConfig withAnalytics(AnalyticsConfig other) {
    return new HubConfig(data, bind, httpPort, apiKey, bodyTimeout, other, bus, eventGrid);
  }

  /** This configuration with another event bus. */
  public HubConfig withBus(BusConfig other) {
    return new HubConfig(data, bind, httpPort, apiKey, bodyTimeout, analytics, other, eventGrid);
  }

  /** This configuration with other Event Grid settings. */
  public HubConfig withEventGrid(EventGridSettings settings) {
    return new HubConfig(data, bind, httpPort, apiKey, bodyTimeout, analytics, bus, settings);
  }

  /** Throws, with a text fit for a person, if a hub must not run like this. */
  void check() {
    analytics.check();
    bus.check();
    if (apiKey != null && apiKey.isBlank()) {
      throw new IllegalArgumentException("the API key is blank");
    }
    if (apiKey == null && !isLoopback(bind)) {
      throw new IllegalArgumentException(
          "binding to " + bind + ", beyond loopback, needs an API key (--api-key)");
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
    return bus.secretKeys() != null || isLoopback(bind) ? bind : "127.0.0.1";
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "HubConfig[data=" + data + ", bind=" + bind + ", httpPort=" + httpPort + "]";
  }
}
