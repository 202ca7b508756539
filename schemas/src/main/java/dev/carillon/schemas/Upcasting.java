package dev.carillon.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;

/** Brings data from the version that it has to the latest, step by step. Thread-safe. */
final class Upcasting {

  private static final int FIRST = 1;

  private final Warnings warnings;

  Upcasting(Warnings warnings) {
    this.warnings = warnings;
  }

  CloudEvent upcast(CloudEvent event, TypeVersions versions) {
    int version = EventData.version(event, FIRST);
    if (isCurrent(event.getType(), version, versions)) {
      return event;
    }
    JsonNode data = EventData.json(event, DataJson.KEEPING);
    return CloudEventBuilder.v1(event)
        .withDataSchema(null) // it was the old version's
        .withData(JsonCloudEventData.wrap(upcast(event.getType(), version, data, versions)))
        .withExtension(SchemaRegistry.VERSION_EXTENSION, versions.latest())
        .build();
  }

  private boolean isCurrent(String type, int version, TypeVersions versions) {
    if (version > versions.latest()) {
      warnings.newerVersion(type, version, versions.latest());
    }
    return version >= versions.latest();
  }

  JsonNode upcast(String type, int version, JsonNode data, TypeVersions versions) {
    if (isCurrent(type, version, versions)) {
      return data;
    }
    if (!(data instanceof ObjectNode object)) {
      throw new SchemaException(type + " version " + version + ": the data is no object", null);
    }
    ObjectNode current = object.deepCopy();
    for (int at = version; at < versions.latest(); at = versions.after(at)) {
      current = step(type, at, current, versions);
    }
    return current;
  }

  private static ObjectNode step(String type, int from, ObjectNode data, TypeVersions versions) {
    String way = type + " from version " + from + " to " + versions.after(from);
    Upcaster upcaster = versions.upcaster(from);
    if (upcaster == null) {
      throw new SchemaException("no upcaster takes " + way, null);
    }
    try {
      return upcaster.upcast(data);
    } catch (RuntimeException e) {
      throw new SchemaException("the upcaster of " + way + " failed: " + e, e);
    }
  }
}
