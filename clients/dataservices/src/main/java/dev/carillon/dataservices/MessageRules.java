package dev.carillon.dataservices;

import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What makes an event message valid; collects everything that is wrong with one. */
final class MessageRules {

  private static final int MAX_ID = 256;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[a-z0-9]+");

  /** They have fields of their own, or none. */
  private static final Set<String> RESERVED =
      Set.of("specversion", "id", "source", "type", "subject", "time", "data");

  /** What the event service's paths have for something else, so that nobody could ask for it. */
  private static final Set<String> UNREACHABLE = Set.of(".", "..", "ServerTime");

  private @Nullable List<Violation> violations;

  /** A copy that keeps nulls, so that they can be reported with their place. */
  static List<String> listOf(Collection<String> strings) {
    return Collections.unmodifiableList(new ArrayList<>(strings));
  }

  String notBlank(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      add(field, "must not be blank");
      return "";
    }
    text(field, value);
    return value;
  }

  void text(String field, @Nullable String value) {
    if (value != null && value.indexOf('\0') >= 0) {
      add(field, "holds a NUL character");
    }
  }

  List<String> strings(String field, @Nullable List<String> values) {
    if (values == null) {
      add(field, "is missing");
      return List.of();
    }
    int i = 0;
    for (String value : values) {
      String place = field + "[" + i++ + "]";
      if (value == null) {
        add(place, "is null");
      } else {
        text(place, value);
      }
    }
    return violations == null ? List.copyOf(values) : List.of();
  }

  Map<String, @Nullable Object> data(@Nullable Map<String, @Nullable Object> data) {
    if (data == null) {
      add("data", "is missing");
      return Map.of();
    }
    return Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  void year(String field, @Nullable Instant time) {
    if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
      add(field, "has a year outside 0001 to 9999");
    }
  }

  void id(@Nullable String id) {
    if (id == null) {
      return;
    }
    if (id.isEmpty() || id.length() > MAX_ID) {
      add("id", "must have 1 to " + MAX_ID + " characters");
    }
    if (isUnreachable(id)) {
      add("id", "is one that no path can ask for");
    }
    text("id", id);
  }

  static boolean isUnreachable(String id) {
    return UNREACHABLE.contains(id);
  }

  void uriReference(String field, @Nullable String value) {
    if (value == null) {
      return;
    }
    try {
      if (new URI(value).toString().isEmpty()) {
        add(field, "must not be empty");
      }
    } catch (URISyntaxException e) {
      add(field, "is not a URI reference: " + e.getReason());
    }
  }

  Map<String, Object> attributes(@Nullable Map<String, Object> attributes) {
    if (attributes == null || attributes.isEmpty()) {
      return Map.of();
    }
    attributes.forEach(this::attribute);
    return Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  private void attribute(@Nullable String name, @Nullable Object value) {
    String place = "attributes." + name;
    if (name == null || !ATTRIBUTE_NAME.matcher(name).matches()) {
      add(place, "must be named with small letters and digits only");
    } else if (RESERVED.contains(name)) {
      add(place, "is the name of an attribute that every CloudEvent has");
    }
    if (value instanceof String text) {
      text(place, text);
      if (CloudEventMapping.DATA_SCHEMA.equals(name)) {
        uriReference(place, text);
      }
    } else if (!(value instanceof Boolean || isInteger(value))) {
      add(place, "must be a string, a boolean or a 32-bit integer");
    }
  }

  /** Whether a value is an integer of CloudEvents, of 32 bits. */
  static boolean isInteger(@Nullable Object value) {
    return value instanceof Number number
        && !(number instanceof Double || number instanceof Float)
        && number.toString().equals(Integer.toString(number.intValue()));
  }

  /** Throws if anything was wrong. */
  void check() {
    if (violations != null) {
      throw new EventValidationException(violations);
    }
  }

  private void add(String field, String message) {
    if (violations == null) {
      violations = new ArrayList<>();
    }
    violations.add(new Violation(field, message));
  }
}
