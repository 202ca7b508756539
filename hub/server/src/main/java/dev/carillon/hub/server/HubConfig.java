package dev.carillon.hub.server;

import dev.carillon.core.Ranges;
import dev.carillon.hub.eventgrid.EventGridSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a hub runs.
 *
 * @param data the folder that holds the events
 * @param bind the address to listen on; beyond loopback only with an API key
 * @param httpPort the HTTP port; 0 picks a free one
 * @param apiKey the key that clients must show; null asks for none
 * @param bodyTimeout how long a request's body may take to arrive
 * @param answerTimeout how long a reader may take for an answer that may be large
 * @param analytics how it keeps conversation analytics
 * @param bus how it runs its event bus
 * @param eventGrid how it plays Event Grid
 * @param amqp how it takes part in AMQP
 */
public record HubConfig(
    Path data,
    String bind,
    int httpPort,
    @Nullable String apiKey,
    Duration bodyTimeout,
    Duration answerTimeout,
    AnalyticsConfig analytics,
    BusConfig bus,
    EventGridSettings eventGrid,
    AmqpConfig amqp) {

  static final String LOOPBACK = "127.0.0.1";
  static final int HTTP_PORT = 8080;
  static final int BODY_SECONDS = 10;
  static final int ANSWER_SECONDS = 60;

  /**
   * A hub on {@code 127.0.0.1:8080} without a key, with 10 seconds for a body and 60 for an answer.
   */
  public static HubConfig ofDefaults(Path data) {
    return new HubConfig(
        data,
        LOOPBACK,
        HTTP_PORT,
        null,
        Duration.ofSeconds(BODY_SECONDS),
        Duration.ofSeconds(ANSWER_SECONDS),
        AnalyticsConfig.ofDefaults(),
        BusConfig.ofDefaults(),
        EventGridSettings.ofDefaults(),
        AmqpConfig.ofDefaults());
  }

  /** This configuration on another address. */
  public HubConfig withBind(String address) {
    return with(copy -> copy.bind = address);
  }

  /** This configuration with another port; 0 picks a free one. */
  public HubConfig withHttpPort(int port) {
    return with(copy -> copy.httpPort = port);
  }

  /** This configuration with a key that clients must show. */
  public HubConfig withApiKey(@Nullable String key) {
    return with(copy -> copy.apiKey = key);
  }

  /** This configuration with another time for a body to arrive. */
  public HubConfig withBodyTimeout(Duration timeout) {
    return with(copy -> copy.bodyTimeout = timeout);
  }

  /** This configuration with another time for a reader to take an answer. */
  public HubConfig withAnswerTimeout(Duration timeout) {
    return with(copy -> copy.answerTimeout = timeout);
  }

  /** This configuration with other conversation analytics. */
  public HubConfig withAnalytics(AnalyticsConfig other) {
    return with(copy -> copy.analytics = other);
  }

  /** This configuration with another event bus. */
  public HubConfig withBus(BusConfig other) {
    return with(copy -> copy.bus = other);
  }

  /** This configuration with other Event Grid settings. */
  public HubConfig withEventGrid(EventGridSettings settings) {
    return with(copy -> copy.eventGrid = settings);
  }

  /** This configuration with another part in AMQP. */
  public HubConfig withAmqp(AmqpConfig other) {
    return with(copy -> copy.amqp = other);
  }

  private HubConfig with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.config();
  }

  private static final class Copy {
    final Path data;
    String bind;
    int httpPort;
    @Nullable String apiKey;
    Duration bodyTimeout;
    Duration answerTimeout;
    AnalyticsConfig analytics;
    BusConfig bus;
    EventGridSettings eventGrid;
    AmqpConfig amqp;

    Copy(HubConfig from) {
      data = from.data;
      bind = from.bind;
      httpPort = from.httpPort;
      apiKey = from.apiKey;
      bodyTimeout = from.bodyTimeout;
      answerTimeout = from.answerTimeout;
      analytics = from.analytics;
      bus = from.bus;
      eventGrid = from.eventGrid;
      amqp = from.amqp;
    }

    HubConfig config() {
      return new HubConfig(
          data,
          bind,
          httpPort,
          apiKey,
          bodyTimeout,
          answerTimeout,
          analytics,
          bus,
          eventGrid,
          amqp);
    }
  }

  /**
   * Whether the process is one part of a distributed pipeline alone: it keeps nothing, and has
   * neither an event log nor what needs one.
   */
  boolean isStateless() {
    return analytics.pipeline().isStateless();
  }

  /** Throws, with a text fit for a person, if a hub must not run like this. */
  void check() {
    analytics.check();
    bus.check();
    amqp.check();
    if (isStateless()
        && (amqp.port() != null || amqp.url() != null || bus.acknowledgePort() != null)) {
      throw new IllegalArgumentException(
          "a process of one role alone (--role) has no event log for AMQP or the bus");
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
