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
    return TrackedEvent.builder(
            Objects.requireNonNullElse(text(object, "conversation_id"), ""),
            Objects.requireNonNullElse(text(object, "event_name"), ""))
        .id(text(object, "id"))
        .conversationMetadata(metadata(object))
        .error(text(object, "error"))
        .latency(number(object, "latency"))
        .input(text(object, "input"))
        .inputEmbeddings(numbers(object, "input_embeddings"))
        .output(text(object, "output"))
        .outputEmbeddings(numbers(object, "output_embeddings"))
        .build();
  }

  private static EventUpdate update(JsonNode object) throws BadMessageException {
    return EventUpdate.builder()
        .conversationId(text(object, "conversation_id"))
        .eventName(text(object, "event_name"))
        .conversationMetadata(metadata(object))
        .error(text(object, "error"))
        .latency(number(object, "latency"))
        .input(text(object, "input"))
        .inputEmbeddings(numbers(object, "input_embeddings"))
        .output(text(object, "output"))
        .outputEmbeddings(numbers(object, "output_embeddings"))
        .build();
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
