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
 * @param bus how it runs its event bus
 * @param amqp how it takes part in AMQP
 */
public record HubConfig(
    Path data,
    String bind,
    int httpPort,
    @Nullable String apiKey,
    Duration bodyTimeout,
    BusConfig bus,
    AmqpConfig amqp) {

  /** A hub on {@code 127.0.0.1:8080} without a key, with 10 seconds for a body. */
  public static HubConfig ofDefaults(Path data) {
    return new HubConfig(
        data,
        "127.0.0.1",
        8080,
        null,
        Duration.ofSeconds(10),
        BusConfig.ofDefaults(),
        AmqpConfig.ofDefaults());
  }

  /** This configuration on another address. */
  public HubConfig withBind(String address) {
    return new HubConfig(data, address, httpPort, apiKey, bodyTimeout, bus, amqp);
  }

  /** This configuration with another port; 0 picks a free one. */
  public HubConfig withHttpPort(int port) {
    return new HubConfig(data, bind, port, apiKey, bodyTimeout, bus, amqp);
  }

  /** This configuration with a key that clients must show. */
  public HubConfig withApiKey(@Nullable String key) {
    return new HubConfig(data, bind, httpPort, key, bodyTimeout, bus, amqp);
  }

  /** This configuration with another time for a body to arrive. */
  public HubConfig withBodyTimeout(Duration timeout) {
    return new HubConfig(data, bind, httpPort, apiKey, timeout, bus, amqp);
  }

  /** This configuration with another event bus. */
  public HubConfig withBus(BusConfig other) {
    return new HubConfig(data, bind, httpPort, apiKey, bodyTimeout, other, amqp);
  }

  /** This configuration with another part in AMQP. */
  public HubConfig withAmqp(AmqpConfig other) {
    return new HubConfig(data, bind, httpPort, apiKey, bodyTimeout, bus, other);
  }

  /** Throws, with a text fit for a person, if a hub must not run like this. */
  void check() {
    bus.check();
    amqp.check();
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
