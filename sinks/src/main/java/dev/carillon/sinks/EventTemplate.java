package dev.carillon.sinks;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of one kind from a few values: {@code type} and {@code subject} hold placeholders,
 * {@code users/{user_id}}. The values also become members of the data, unless it has them.
 *
 * @param source the events' source
 * @param type the type, such as {@code user.{action}}
 * @param subject the subject, such as {@code users/{user_id}}
 * @param clock tells the events' time
 */
public record EventTemplate(URI source, String type, String subject, InstantSource clock) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

  /** A template by the system's clock. */
  public static EventTemplate of(String source, String type, String subject) {
    return new EventTemplate(URI.create(source), type, subject, InstantSource.system());
  }

  /**
   * Makes an event, with a random id.
   *
   * @param values what stands for the placeholders
   * @param data the data; nested maps, lists, strings, numbers, booleans and null
   * @throws IllegalArgumentException if a placeholder has no value
   */
  public CloudEvent event(Map<String, ?> values, Map<String, ? extends @Nullable Object> data) {
    return CloudEventBuilder.v1()
        .withId(UUID.randomUUID().toString())
        .withSource(source)
        .withType(filled(type, values))
        .withSubject(filled(subject, values))
        .withTime(clock.instant().atOffset(ZoneOffset.UTC))
        .withData(JsonData.JSON, JsonData.of(data, values))
        .build();
  }

  private static String filled(String template, Map<String, ?> values) {
    StringBuilder text = new StringBuilder();
    Matcher placeholder = PLACEHOLDER.matcher(template);
    while (placeholder.find()) {
      Object value = values.get(placeholder.group(1));
      if (value == null) {
        throw new IllegalArgumentException(
            "no value for {" + placeholder.group(1) + "} of " + template);
      }
      placeholder.appendReplacement(text, Matcher.quoteReplacement(value.toString()));
    }
    return placeholder.appendTail(text).toString();
  }
}
