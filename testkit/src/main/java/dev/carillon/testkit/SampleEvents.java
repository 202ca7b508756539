package dev.carillon.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Makes events like those of a laboratory: JSON object data, a few types and subjects, and on every
 * third the extension {@code traceparent} (W3C Trace Context). Ids are UUIDs, since some transports
 * demand them. Thread-safe.
 */
public final class SampleEvents {

  /** The types that events take in turn. */
  public static final List<String> TYPES =
      List.of("sample.processed", "sample.moved", "equipment.status.changed");

  private static final URI SOURCE = URI.create("/lab/7");

  private final AtomicLong made = new AtomicLong();

  /** The next event. */
  public CloudEvent next() {
    long number = made.getAndIncrement();
    return event(number, "sample-" + number % 10, data(number));
  }

  /** The next event, on a subject of its own. */
  public CloudEvent about(String subject) {
    long number = made.getAndIncrement();
    return event(number, subject, data(number));
  }

  /** The next event, with data larger than so many bytes. */
  public CloudEvent largerThan(int bytes) {
    long number = made.getAndIncrement();
    return event(number, "sample-0", data(number).put("note", "x".repeat(bytes)));
  }

  /** The next so many events. */
  public List<CloudEvent> take(int count) {
    return Stream.generate(this::next).limit(count).toList();
  }

  private static ObjectNode data(long number) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("number", number)
        .put("operator", "lab_tech_" + number % 3)
        .put("volume", 12.5)
        .put("passed", number % 2 == 0);
  }

  private static CloudEvent event(long number, String subject, ObjectNode data) {
    CloudEventBuilder builder =
        CloudEventBuilder.v1()
            .withId(UUID.randomUUID().toString())
            .withType(TYPES.get((int) (number % TYPES.size())))
            .withSource(SOURCE)
            .withSubject(subject)
            .withTime(OffsetDateTime.now(ZoneOffset.UTC))
            .withData("application/json", data.toString().getBytes(StandardCharsets.UTF_8));
    return number % 3 == 0
        ? builder.withExtension("traceparent", traceparent()).build()
        : builder.build();
  }

  private static String traceparent() {
    byte[] ids = new byte[24];
    ThreadLocalRandom.current().nextBytes(ids);
    HexFormat hex = HexFormat.of();
    return "00-" + hex.formatHex(ids, 0, 16) + "-" + hex.formatHex(ids, 16, 24) + "-01";
  }
}
