package dev.carillon.amqp;

import java.util.HashMap;
import java.util.Map;

/** A message's headers. */
final class Headers {

  private Headers() {}

  /** All that are single values, texts as strings. */
  static Map<String, Object> of(AmqpMessage message) {
    Map<String, Object> raw = message.properties().getHeaders();
    if (raw == null) {
      return Map.of();
    }
    Map<String, Object> headers = new HashMap<>();
    raw.forEach(
        (name, value) -> {
          if (value instanceof Number || value instanceof Boolean) {
            headers.put(name, value);
          } else if (value != null
              && !(value instanceof Map)
              && !(value instanceof Iterable)
              && !(value instanceof byte[])) {
            headers.put(name, value.toString());
          }
        });
    return headers;
  }
}
