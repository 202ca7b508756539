package dev.carillon.schemas;

import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import dev.carillon.core.EventValidationException.Violation;
import java.util.List;
import java.util.Set;

/**
 * Where in an event something is wrong, as a developer would write it: {@code data.items[2].id}.
 */
final class FieldPath {

  static final String ROOT = "data";

  /** Keywords whose errors are told of the object, but mean one of its fields. */
  private static final Set<String> OF_A_FIELD =
      Set.of("required", "additionalProperties", "unevaluatedProperties");

  private FieldPath() {}

  static Violation violation(Error error) {
    StringBuilder field = new StringBuilder(ROOT);
    NodePath path = error.getInstanceLocation();
    for (int i = 0; i < path.getNameCount(); i++) {
      append(field, path.getElement(i));
    }
    String property = error.getProperty();
    String keyword = error.getKeyword();
    if (property != null && OF_A_FIELD.contains(keyword)) {
      append(field, property);
      String message = keyword.equals("required") ? "is required" : "is not a field of this type";
      return new Violation(field.toString(), message);
    }
    return new Violation(field.toString(), error.getMessage());
  }

  /** Where Jackson stumbled. */
  static String of(List<Reference> path) {
    StringBuilder field = new StringBuilder(ROOT);
    for (Reference step : path) {
      append(field, step.getFieldName() == null ? step.getIndex() : step.getFieldName());
    }
    return field.toString();
  }

  private static void append(StringBuilder field, Object element) {
    if (element instanceof Number index) {
      field.append('[').append(index).append(']');
    } else {
      field.append('.').append(element);
    }
  }
}
