package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.Operation.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads one operation of conversation analytics with everything that is wrong with it. Members that
 * it does not know are ignored, as deployed servers do. Not thread-safe.
 */
final class OperationReader {

  private static final int MAX_CONVERSATION_ID = 256;
  private static final int MAX_EMBEDDINGS = 65_536;

  /** UUIDs of version 7: ordered by time, so that one is found quickly in the store. */
  private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();

  private final JsonParser json;
  private final EventNames names;
  private final List<Violation> violations = new ArrayList<>(0);
  private final EventFields.Builder fields = EventFields.builder();
  private @Nullable String operation;
  private @Nullable UUID id;

  private OperationReader(JsonParser json, EventNames names) {
    this.json = json;
    this.names = names;
  }

  /** Reads an operation of a known kind from the value that the parser stands on. */
  static Reading<Operation> read(
      JsonParser json, Kind kind, @Nullable UUID id, Instant at, EventNames names)
      throws IOException {
    OperationReader reader = new OperationReader(json, names);
    return reader.members() ? reader.result(kind, id == null ? reader.id : id, at) : reader.wrong();
  }

  /** Reads an entry of a batch, which says itself what it is, and is a create if it does not. */
  static Reading<Operation> readEntry(JsonParser json, Instant at, EventNames names)
      throws IOException {
    OperationReader reader = new OperationReader(json, names);
    if (!reader.members()) {
      return reader.wrong();
    }
    Kind kind = reader.operation == null ? Kind.CREATE : Kind.named(reader.operation);
    if (kind == null) {
      reader.wrong("operation", "must be create, update or delete");
      return reader.wrong();
    }
    return reader.result(kind, reader.id, at);
  }

  /** An event's id in the only form that is taken; null if it is not in that form. */
  static @Nullable UUID uuid(String text) {
    if (text.length() != 36) {
      return null;
    }
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equalsIgnoreCase(text) ? id : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void wrong(String field, String message) {
    Violation.add(violations, field, message);
  }

  private Reading<Operation> wrong() {
    return Reading.wrong(violations);
  }

  private boolean members() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      wrong("", "the event is not a JSON object");
      return false;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        member(name);
      }
    }
    return true;
  }

  private void member(String name) throws IOException {
    switch (name) {
      case "id" -> id(name);
      case "operation" -> operation = text(name);
      case "conversation_id" -> conversationId(name);
      case "conversation_metadata" -> fields.conversationMetadata(metadata(name));
      case "event_name" -> eventName(name);
      case "error" -> fields.error(text(name));
      case "latency" -> latency(name);
      case "input" -> fields.input(text(name));
      case "input_embeddings" -> fields.inputEmbeddings(embeddings(name));
      case "output" -> fields.output(text(name));
      case "output_embeddings" -> fields.outputEmbeddings(embeddings(name));
      default -> json.skipChildren();
    }
  }

  private @Nullable String text(String name) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      json.skipChildren();
      wrong(name, "is not a string");
      return null;
    }
    String text = json.getText();
    String wrong = Text.wrongInData(text);
    if (wrong != null) {
      wrong(name, wrong);
      return null;
    }
    return text;
  }

  private void id(String name) throws IOException {
    String text = text(name);
    id = text == null ? null : uuid(text);
    if (text != null && id == null) {
      wrong(name, "is no UUID");
    }
  }

  private void conversationId(String name) throws IOException {
    String text = text(name);
    if (text != null && (text.isBlank() || text.length() > MAX_CONVERSATION_ID)) {
      wrong(name, "must have 1 to " + MAX_CONVERSATION_ID + " characters, not only blanks");
    } else {
      fields.conversationId(text);
    }
  }

  private void eventName(String name) throws IOException {
    String text = text(name);
    if (text != null) {
      String known = names.find(text);
      if (known == null) {
        wrong(name, names.expected());
      } else {
        fields.eventName(known);
      }
    }
  }

  /** Metadata is a JSON text in a string, or, by our leave, an object. */
  private @Nullable String metadata(String name) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return new String(Json.copy(json, name, violations), StandardCharsets.UTF_8);
    }
    String text = text(name);
    if (text != null && !text.isEmpty() && !Json.isValid(text)) {
      wrong(name, "is a string that holds no valid JSON");
      return null;
    }
    return text;
  }

  private void latency(String name) throws IOException {
    boolean number = json.currentToken().isNumeric();
    double latency = number ? json.getDoubleValue() : -1;
    if (!number) {
      json.skipChildren();
    }
    if (latency >= 0 && Double.isFinite(latency)) {
      fields.latency(latency + 0.0); // which makes -0.0 what it is
    } else {
      wrong(name, "must be a finite number of milliseconds, not negative");
    }
  }

  private double @Nullable [] embeddings(String name) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      wrong(name, "is not an array of numbers");
      return null;
    }
    double[] numbers = new double[16];
    int count = 0;
    boolean right = true;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      double number = json.currentToken().isNumeric() ? json.getDoubleValue() : Double.NaN;
      json.skipChildren();
      right &= Double.isFinite(number);
      if (right && count < MAX_EMBEDDINGS) {
        numbers = count == numbers.length ? Arrays.copyOf(numbers, count * 2) : numbers;
        numbers[count] = number;
      }
      count++;
    }
    if (!right) {
      wrong(name, "is not an array of finite numbers");
    } else if (count > MAX_EMBEDDINGS) {
      wrong(name, "has more than " + MAX_EMBEDDINGS + " numbers");
    }
    return right && count <= MAX_EMBEDDINGS ? Arrays.copyOf(numbers, count) : null;
  }

  private Reading<Operation> result(Kind kind, @Nullable UUID id, Instant at) {
    EventFields given = kind == Kind.DELETE ? EventFields.NONE : fields.build();
    if (kind == Kind.CREATE) {
      require(given.conversationId() != null, "conversation_id", "is missing");
      require(given.eventName() != null, "event_name", names.expected());
    } else {
      require(id != null, "id", "is missing");
    }
    if (kind == Kind.UPDATE && violations.isEmpty() && fields.isEmpty()) {
      wrong("", "no fields to update");
    }
    if (!violations.isEmpty()) {
      return wrong();
    }
    return Reading.of(new Operation(kind, id == null ? IDS.generate() : id, at, given));
  }

  /** Notes that a field is not as it must be, unless more is known to be wrong with it already. */
  private void require(boolean met, String field, String message) {
    if (!met && violations.stream().noneMatch(one -> one.field().equals(field))) {
      wrong(field, message);
    }
  }
}
