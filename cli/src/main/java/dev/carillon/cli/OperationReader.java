package dev.carillon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.analytics.AnalyticsException;
import dev.carillon.analytics.ConversationMetadata;
import dev.carillon.analytics.EventUpdate;
import dev.carillon.analytics.TrackedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads creates, updates and deletes of analytics events as they go over the wire in batches: the
 * fields of the event, its {@code id}, and {@code operation} unless it is a create. Thread-safe.
 */
final class OperationReader {

  private static final Set<String> MEMBERS =
      Set.of(
          "operation",
          "id",
          "conversation_id",
          "conversation_metadata",
          "event_name",
          "error",
          "latency",
          "input",
          "input_embeddings",
          "output",
          "output_embeddings");

  /**
   * The operation that a line holds.
   *
   * @throws BadMessageException if it holds none, saying what is wrong
   */
  AnalyticsOperation read(byte[] json) throws BadMessageException {
    ObjectNode object = LineJson.object(json);
    try {
      Set<String> unknown = new HashSet<>();
      object.fieldNames().forEachRemaining(unknown::add);
      unknown.removeAll(MEMBERS);
      if (!unknown.isEmpty()) {
        throw new BadMessageException(
            unknown.iterator().next() + ": is not a member of an analytics event");
      }
      return operation(object);
    } catch (AnalyticsException e) {
      throw new BadMessageException(String.valueOf(e.getMessage()));
    }
  }

  private static AnalyticsOperation operation(JsonNode object) throws BadMessageException {
    String kind = Objects.requireNonNullElse(text(object, "operation"), "create");
    return switch (kind) {
      case "create" -> new AnalyticsOperation.Create(create(object));
      case "update" -> new AnalyticsOperation.Update(id(object), update(object));
      case "delete" -> new AnalyticsOperation.Delete(id(object));
      default -> throw new BadMessageException("operation: is none of create, update, delete");
    };
  }

  private static String id(JsonNode object) throws BadMessageException {
    String id = text(object, "id");
    if (id == null) {
      throw new BadMessageException("id: must be given");
    }
    return id;
  }

  private static TrackedEvent create(JsonNode object) throws BadMessageException {
    TrackedEvent.Builder event =
        TrackedEvent.builder(
            Objects.requireNonNullElse(text(object, "conversation_id"), ""),
            Objects.requireNonNullElse(text(object, "event_name"), ""));
    ifGiven(text(object, "id"), event::id);
    ifGiven(metadata(object), event::conversationMetadata);
    ifGiven(text(object, "error"), event::error);
    ifGiven(number(object, "latency"), event::latency);
    ifGiven(text(object, "input"), event::input);
    ifGiven(numbers(object, "input_embeddings"), event::inputEmbeddings);
    ifGiven(text(object, "output"), event::output);
    ifGiven(numbers(object, "output_embeddings"), event::outputEmbeddings);
    return event.build();
  }

  private static EventUpdate update(JsonNode object) throws BadMessageException {
    EventUpdate.Builder update = EventUpdate.builder();
    ifGiven(text(object, "conversation_id"), update::conversationId);
    ifGiven(text(object, "event_name"), update::eventName);
    ifGiven(metadata(object), update::conversationMetadata);
    ifGiven(text(object, "error"), update::error);
    ifGiven(number(object, "latency"), update::latency);
    ifGiven(text(object, "input"), update::input);
    ifGiven(numbers(object, "input_embeddings"), update::inputEmbeddings);
    ifGiven(text(object, "output"), update::output);
    ifGiven(numbers(object, "output_embeddings"), update::outputEmbeddings);
    return update.build();
  }

  private static <T> void ifGiven(@Nullable T value, Consumer<T> set) {
    if (value != null) {
      set.accept(value);
    }
  }

  private static @Nullable JsonNode member(JsonNode object, String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static @Nullable String text(JsonNode object, String name) throws BadMessageException {
    JsonNode value = member(object, name);
    if (value != null && !value.isTextual()) {
      throw new BadMessageException(name + ": must be a string");
    }
    return value == null ? null : value.textValue();
  }

  /** A string that holds JSON, or an object. */
  private static @Nullable ConversationMetadata metadata(JsonNode object)
      throws BadMessageException {
    JsonNode value = member(object, "conversation_metadata");
    return value == null
        ? null
        : ConversationMetadata.ofJson(
            value.isObject()
                ? value.toString()
                : Objects.requireNonNullElse(text(object, "conversation_metadata"), ""));
  }

  private static @Nullable Double number(JsonNode object, String name) throws BadMessageException {
    JsonNode value = member(object, name);
    if (value != null && !value.isNumber()) {
      throw new BadMessageException(name + ": must be a number");
    }
    return value == null ? null : value.doubleValue();
  }

  private static @Nullable List<Double> numbers(JsonNode object, String name)
      throws BadMessageException {
    JsonNode value = member(object, name);
    if (value == null) {
      return null;
    }
    List<Double> numbers = new ArrayList<>(value.size());
    for (JsonNode element : value) {
      if (!element.isNumber()) {
        throw new BadMessageException(name + "[" + numbers.size() + "]: must be a number");
      }
      numbers.add(element.doubleValue());
    }
    if (!value.isArray()) {
      throw new BadMessageException(name + ": must be an array of numbers");
    }
    return numbers;
  }
}
