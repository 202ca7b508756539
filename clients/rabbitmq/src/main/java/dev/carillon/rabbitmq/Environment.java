package dev.carillon.rabbitmq;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/** The parameters of publishers and subscribers as environment variables. */
final class Environment {

  private static final String PREFIX = "RABBITMQ_";

  static final Map<String, BiConsumer<EventPublisherConfigBuilder, String>> PUBLISHER =
      new LinkedHashMap<>();
  static final Map<String, BiConsumer<EventSubscriberConfigBuilder, String>> SUBSCRIBER =
      new LinkedHashMap<>();

  static {
    PUBLISHER.put("URL", EventPublisherConfigBuilder::rabbitmqUrl);
    PUBLISHER.put("EXCHANGE_NAME", EventPublisherConfigBuilder::exchangeName);
    PUBLISHER.put("DECLARE_EXCHANGE", (to, text) -> to.declareExchange(flag(text)));
    PUBLISHER.put("RETRY_ATTEMPTS", (to, text) -> to.retryAttempts(Integer.parseInt(text)));
    PUBLISHER.put("RETRY_DELAY", (to, text) -> to.retryDelay(seconds(text)));
    PUBLISHER.put("MAX_RETRY_DELAY", (to, text) -> to.maxRetryDelay(seconds(text)));
    PUBLISHER.put("ENABLE_VALIDATION", (to, text) -> to.enableValidation(flag(text)));
    PUBLISHER.put("CONNECTION_TIMEOUT", (to, text) -> to.connectionTimeout(seconds(text)));
    PUBLISHER.put("SOCKET_TIMEOUT", (to, text) -> to.socketTimeout(seconds(text)));
    PUBLISHER.put("HEARTBEAT", (to, text) -> to.heartbeat(seconds(text)));
    PUBLISHER.put(
        "BLOCKED_CONNECTION_TIMEOUT", (to, text) -> to.blockedConnectionTimeout(seconds(text)));
    PUBLISHER.put("PUBLISH_TIMEOUT", (to, text) -> to.publishTimeout(seconds(text)));
    PUBLISHER.put("CLOSE_TIMEOUT", (to, text) -> to.closeTimeout(seconds(text)));
    PUBLISHER.put("MANDATORY", (to, text) -> to.mandatory(flag(text)));
    PUBLISHER.put("CHANNELS", (to, text) -> to.channels(Integer.parseInt(text)));
    PUBLISHER.put("MAX_IN_FLIGHT", (to, text) -> to.maxInFlight(Integer.parseInt(text)));
    PUBLISHER.put("MAX_PENDING", (to, text) -> to.maxPending(Integer.parseInt(text)));
    PUBLISHER.put("MAX_PENDING_BYTES", (to, text) -> to.maxPendingBytes(Long.parseLong(text)));
    PUBLISHER.put("MAX_EVENT_BYTES", (to, text) -> to.maxEventBytes(Integer.parseInt(text)));
    PUBLISHER.put("APP_ID", EventPublisherConfigBuilder::appId);
    PUBLISHER.put("ORGANIZATION_ID", (to, text) -> to.organizationId(() -> text));

    SUBSCRIBER.put("URL", EventSubscriberConfigBuilder::rabbitmqUrl);
    SUBSCRIBER.put("EXCHANGE_NAME", EventSubscriberConfigBuilder::exchangeName);
    SUBSCRIBER.put("DECLARE_EXCHANGE", (to, text) -> to.declareExchange(flag(text)));
    SUBSCRIBER.put("QUEUE", EventSubscriberConfigBuilder::queue);
    SUBSCRIBER.put("BINDINGS", (to, text) -> to.bindings(text.split("\\s*,\\s*", -1)));
    SUBSCRIBER.put("PREFETCH", (to, text) -> to.prefetch(Integer.parseInt(text)));
    SUBSCRIBER.put("CONCURRENCY", (to, text) -> to.concurrency(Integer.parseInt(text)));
    SUBSCRIBER.put("RETRY_ATTEMPTS", (to, text) -> to.retryAttempts(Integer.parseInt(text)));
    SUBSCRIBER.put("RETRY_DELAY", (to, text) -> to.retryDelay(seconds(text)));
    SUBSCRIBER.put("MAX_RETRY_DELAY", (to, text) -> to.maxRetryDelay(seconds(text)));
    SUBSCRIBER.put("DEAD_LETTERS", (to, text) -> to.deadLetters(flag(text)));
    SUBSCRIBER.put("REMEMBERED_IDS", (to, text) -> to.rememberedIds(Integer.parseInt(text)));
    SUBSCRIBER.put("CONNECTION_TIMEOUT", (to, text) -> to.connectionTimeout(seconds(text)));
    SUBSCRIBER.put("SOCKET_TIMEOUT", (to, text) -> to.socketTimeout(seconds(text)));
    SUBSCRIBER.put("HEARTBEAT", (to, text) -> to.heartbeat(seconds(text)));
    SUBSCRIBER.put("RECONNECT_DELAY", (to, text) -> to.reconnectDelay(seconds(text)));
    SUBSCRIBER.put("MAX_RECONNECT_DELAY", (to, text) -> to.maxReconnectDelay(seconds(text)));
  }

  private Environment() {}

  /** Gives a builder those parameters that an environment has. */
  static <B> B apply(
      Map<String, String> environment, Map<String, BiConsumer<B, String>> parameters, B to) {
    parameters.forEach(
        (name, parameter) -> {
          String text = environment.get(PREFIX + name);
          if (text != null && !text.isBlank()) {
            try {
              parameter.accept(to, text.strip());
            } catch (IllegalArgumentException | ArithmeticException e) {
              throw new IllegalArgumentException(
                  PREFIX + name + " cannot be used: " + e.getMessage(), e);
            }
          }
        });
    return to;
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new IllegalArgumentException("not true or false: " + text);
    };
  }

  private static Duration seconds(String text) {
    return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValueExact());
  }
}
