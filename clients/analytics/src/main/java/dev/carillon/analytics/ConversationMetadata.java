package dev.carillon.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an application says about a conversation: JSON, as a rule one object. The service keeps it
 * as text. Immutable.
 */
public final class ConversationMetadata {

  private static final String FIELD = "conversation_metadata";
  private static final ConversationMetadata NONE = new ConversationMetadata("");

  private final String json;

  private ConversationMetadata(String json) {
    this.json = json;
  }

  /** No metadata. */
  public static ConversationMetadata none() {
    return NONE;
  }

  /**
   * Metadata as JSON text.
   *
   * @param json any JSON value, or empty text for none
   * @throws AnalyticsValidationException if it is not JSON
   */
  public static ConversationMetadata ofJson(String json) {
    if (json.isEmpty()) {
      return NONE;
    }
    try {
      Json.check(json);
    } catch (IOException e) {
      new Rules().wrong(FIELD, "is not JSON").check();
    }
    new Rules().text(FIELD, json).check();
    return new ConversationMetadata(json);
  }

  /**
   * Metadata as a map; an empty one is no metadata.
   *
   * @param members text, finite numbers, booleans, nulls, and maps and collections of them;
   *     anything else becomes its text
   * @throws AnalyticsValidationException if a number is not finite
   */
  public static ConversationMetadata of(Map<String, ? extends @Nullable Object> members) {
    if (members.isEmpty()) {
      return NONE;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = Json.FACTORY.createGenerator(text)) {
      Json.write(generator, members);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ofJson(text.toString());
  }

  /** What a service had stored, which may be anything. */
  static ConversationMetadata stored(String text) {
    return text.isEmpty() ? NONE : new ConversationMetadata(text);
  }

  /** The JSON text; empty if there is no metadata. */
  public String json() {
    return json;
  }

  /** The object's members, in order; empty if there is none, or another value than an object. */
  public Map<String, @Nullable Object> asMap() {
    try {
      Object value = json.isEmpty() ? null : Json.read(json);
      return value instanceof Map<?, ?> ? asObject(value) : Map.of();
    } catch (IOException e) {
      return Map.of(); // from a service that takes what is not JSON; json() has it all
    }
  }

  @SuppressWarnings("unchecked") // an object that was read has text as keys
  static Map<String, @Nullable Object> asObject(Object map) {
    return (Map<String, @Nullable Object>) map;
  }

  /** A member's text; empty if there is none of this name, or if it is no text. */
  public Optional<String> text(String name) {
    return asMap().get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A member's number; empty if there is none of this name, or if it is no number. */
  public Optional<Number> number(String name) {
    return asMap().get(name) instanceof Number number ? Optional.of(number) : Optional.empty();
  }

  /** A member that is true or false; empty if there is none of this name, or if it is neither. */
  public Optional<Boolean> flag(String name) {
    return asMap().get(name) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConversationMetadata metadata && metadata.json.equals(json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return json;
  }
}
