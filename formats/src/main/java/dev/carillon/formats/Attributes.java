package dev.carillon.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.rw.CloudEventContextWriter;
import io.cloudevents.types.Time;
import java.io.IOException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Attributes and extensions in a tree: booleans, integers and byte strings keep their type. */
final class Attributes {

  private Attributes() {}

  static void write(CloudEvent event, ObjectNode tree) {
    event.getAttributeNames().forEach(name -> put(tree, name, event.getAttribute(name)));
    event.getExtensionNames().forEach(name -> put(tree, name, event.getExtension(name)));
  }

  /** What is none of CloudEvents' own types, such as an integer of 64 bits, travels as text. */
  private static void put(ObjectNode tree, String name, @Nullable Object value) {
    if (value instanceof Integer integer) {
      tree.put(name, integer);
    } else if (value instanceof Boolean bool) {
      tree.put(name, bool);
    } else if (value instanceof byte[] bytes) {
      tree.put(name, bytes);
    } else if (value instanceof OffsetDateTime time) {
      tree.put(name, Time.writeTime(time));
    } else if (value != null) {
      tree.put(name, value.toString());
    }
  }

  /** Takes one attribute or extension out of a tree. */
  static void read(String name, JsonNode value, CloudEventContextWriter event) throws IOException {
    switch (value.getNodeType()) {
      case STRING -> event.withContextAttribute(name, value.textValue());
      case BOOLEAN -> event.withContextAttribute(name, (Boolean) value.booleanValue());
      case BINARY -> event.withContextAttribute(name, value.binaryValue());
      case NUMBER -> {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
          throw new IOException(name + " is a number, but no integer of 32 bits");
        }
        event.withContextAttribute(name, (Integer) value.intValue());
      }
      case NULL -> {
        // the same as not being there
      }
      default -> throw new IOException(name + " is no value of an attribute");
    }
  }
}
