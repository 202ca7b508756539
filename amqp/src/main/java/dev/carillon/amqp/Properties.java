package dev.carillon.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.cloudevents.CloudEvent;
import io.cloudevents.types.Time;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Date;
import java.util.List;

/** The properties that every format gives a message. */
final class Properties {

  private static final List<String> TRACE_HEADERS = List.of("traceparent", "tracestate");

  private Properties() {}

  static BasicProperties.Builder of(CloudEvent event, String contentType) {
    OffsetDateTime time = event.getTime();
    return new BasicProperties.Builder()
        .contentType(contentType)
        .deliveryMode(MessageFormat.PERSISTENT)
        .messageId(event.getId())
        .type(event.getType())
        .timestamp(time == null ? null : Date.from(time.toInstant()));
  }

  /** The text of an attribute, as CloudEvents has it. */
  static String text(Object value) {
    if (value instanceof OffsetDateTime time) {
      return Time.writeTime(time);
    }
    return value instanceof byte[] bytes
        ? Base64.getEncoder().encodeToString(bytes)
        : value.toString();
  }

  /** Trace context goes by its own name, where tracers look for it. */
  static boolean isTrace(String name) {
    return TRACE_HEADERS.contains(name);
  }
}
