package dev.carillon.amqp;

import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;

/** A message's headers. */
final class Headers {

  private Headers() {}

  /** All that are single values; texts, times and bytes as CloudEvents writes them. */
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
          } else if (value instanceof Date time) {
            headers.put(name, Properties.text(time.toInstant().atOffset(ZoneOffset.UTC)));
          } else if (value != null && !(value instanceof Map) && !(value instanceof Iterable)) {
            headers.put(name, Properties.text(value));
          }
        });
    return headers;
  }
}
