package dev.carillon.rabbitmq;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/** The parameters of a publisher as environment variables. */
final class Environment {

  private static final String PREFIX = "RABBITMQ_";
  private static final Map<String, BiConsumer<EventPublisherConfigBuilder, String>> PARAMETERS =
      new LinkedHashMap<>();

  static {
    PARAMETERS.put("URL", EventPublisherConfigBuilder::rabbitmqUrl);
    PARAMETERS.put("EXCHANGE_NAME", EventPublisherConfigBuilder::exchangeName);
    PARAMETERS.put("DECLARE_EXCHANGE", (to, text) -> to.declareExchange(flag(text)));
    PARAMETERS.put("RETRY_ATTEMPTS", (to, text) -> to.retryAttempts(Integer.parseInt(text)));
    PARAMETERS.put("RETRY_DELAY", (to, text) -> to.retryDelay(seconds(text)));
    PARAMETERS.put("MAX_RETRY_DELAY", (to, text) -> to.maxRetryDelay(seconds(text)));
    PARAMETERS.put("ENABLE_VALIDATION", (to, text) -> to.enableValidation(flag(text)));
    PARAMETERS.put("CONNECTION_TIMEOUT", (to, text) -> to.connectionTimeout(seconds(text)));
    PARAMETERS.put("SOCKET_TIMEOUT", (to, text) -> to.socketTimeout(seconds(text)));
    PARAMETERS.put("HEARTBEAT", (to, text) -> to.heartbeat(seconds(text)));
    PARAMETERS.put(
        "BLOCKED_CONNECTION_TIMEOUT", (to, text) -> to.blockedConnectionTimeout(seconds(text)));
    PARAMETERS.put("PUBLISH_TIMEOUT", (to, text) -> to.publishTimeout(seconds(text)));
    PARAMETERS.put("CLOSE_TIMEOUT", (to, text) -> to.closeTimeout(seconds(text)));
    PARAMETERS.put("MANDATORY", (to, text) -> to.mandatory(flag(text)));
    PARAMETERS.put("CHANNELS", (to, text) -> to.channels(Integer.parseInt(text)));
    PARAMETERS.put("MAX_IN_FLIGHT", (to, text) -> to.maxInFlight(Integer.parseInt(text)));
    PARAMETERS.put("MAX_PENDING", (to, text) -> to.maxPending(Integer.parseInt(text)));
    PARAMETERS.put("MAX_PENDING_BYTES", (to, text) -> to.maxPendingBytes(Long.parseLong(text)));
    PARAMETERS.put("MAX_EVENT_BYTES", (to, text) -> to.maxEventBytes(Integer.parseInt(text)));
    PARAMETERS.put("APP_ID", EventPublisherConfigBuilder::appId);
    PARAMETERS.put("ORGANIZATION_ID", (to, text) -> to.organizationId(() -> text));
  }

  private Environment() {}

  static void apply(Map<String, String> environment, EventPublisherConfigBuilder to) {
    PARAMETERS.forEach(
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
