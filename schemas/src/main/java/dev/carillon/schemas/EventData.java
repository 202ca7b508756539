package dev.carillon.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.core.MediaTypes;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import java.io.IOException;
import java.util.List;

/** The JSON inside a CloudEvent, and the version of its schema. */
final class EventData {

  private static final int MAX_BYTES = 16 << 20;

  private EventData() {}

  /**
   * The version that an event names.
   *
   * @throws EventValidationException if it names something else
   */
  static int version(CloudEvent event, int ifAbsent) {
    Object named = event.getExtension(SchemaRegistry.VERSION_EXTENSION);
    if (named == null) {
      return ifAbsent;
    }
    try {
      int version = Integer.parseInt(named.toString());
      if (version > 0) {
        return version;
      }
    } catch (NumberFormatException e) {
      // told below, as a number below 1 is
    }
    throw new EventValidationException(
        SchemaRegistry.VERSION_EXTENSION, "is not a version: " + named);
  }

  /** An event that names its version: a given one if it names none, and that is not the first. */
  static CloudEvent versioned(CloudEvent event, int version) {
    return version == 1 || event.getExtension(SchemaRegistry.VERSION_EXTENSION) != null
        ? event
        : CloudEventBuilder.v1(event)
            .withExtension(SchemaRegistry.VERSION_EXTENSION, version)
            .build();
  }

  /**
   * The data of an event.
   *
   * @throws EventValidationException if there is none, or none that is JSON
   */
  static JsonNode json(CloudEvent event, JsonMapper mapper) {
    CloudEventData data = event.getData();
    if (data == null) {
      throw new EventValidationException(FieldPath.ROOT, "is required");
    }
    if (!MediaTypes.isJson(event.getDataContentType())) {
      throw new EventValidationException(
          FieldPath.ROOT, "is " + event.getDataContentType() + ", but its schema is for JSON");
    }
    return data instanceof JsonCloudEventData json ? json.getNode() : parse(data.toBytes(), mapper);
  }

  /**
   * Data as a record.
   *
   * @throws EventValidationException if it does not fit, with the first field that does not
   */
  static <T> T read(JsonNode data, Class<T> record) {
    if (!data.isObject()) {
      throw new EventValidationException(FieldPath.ROOT, "is not an object");
    }
    try {
      return DataJson.KEEPING.treeToValue(data, record);
    } catch (JsonMappingException e) {
      throw e.getCause() instanceof EventValidationException invalid
          ? invalid
          : new EventValidationException(FieldPath.of(e.getPath()), e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw new EventValidationException(FieldPath.ROOT, e.getOriginalMessage());
    }
  }

  private static JsonNode parse(byte[] data, JsonMapper mapper) {
    if (data.length > MAX_BYTES) {
      throw new EventValidationException(
          FieldPath.ROOT, "is larger than " + MAX_BYTES + " bytes: " + data.length);
    }
    JsonNode node;
    try {
      node = mapper.readTree(data);
    } catch (JsonProcessingException e) {
      throw new EventValidationException(
          FieldPath.ROOT, "is not valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EventValidationException(FieldPath.ROOT, "cannot be read: " + e.getMessage());
    }
    if (node.isMissingNode()) {
      throw new EventValidationException(FieldPath.ROOT, "is empty");
    }
    return node;
  }

  /** What is wrong with data that is still to be read. */
  static List<Violation> validate(byte[] data, VersionedSchema schema) {
    try {
      return schema.validate(parse(data, DataJson.CHECKING));
    } catch (EventValidationException e) {
      return e.violations();
    }
  }

  /** The same, by a version that need not be there. */
  static List<Violation> validate(String type, int version, byte[] data, TypeVersions versions) {
    VersionedSchema schema = versions.schema(version);
    return schema == null ? unregistered(type, version) : validate(data, schema);
  }

  /** What is wrong with the data of an event, by the version that it names or else the latest. */
  static List<Violation> validate(CloudEvent event, TypeVersions versions) {
    try {
      int version = version(event, versions.latest());
      VersionedSchema schema = versions.schema(version);
      return schema == null
          ? unregistered(event.getType(), version)
          : schema.validate(json(event, DataJson.CHECKING));
    } catch (EventValidationException e) {
      return e.violations();
    }
  }

  private static List<Violation> unregistered(String type, int version) {
    return List.of(
        new Violation(
            SchemaRegistry.VERSION_EXTENSION,
            "is not a registered version of " + type + ": " + version));
  }
}
