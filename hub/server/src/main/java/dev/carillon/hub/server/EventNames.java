package dev.carillon.hub.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that analytics events may have. Thread-safe. */
final class EventNames {

  private static final int MAX_LENGTH = 128;

  private final boolean any;
  private final Map<String, String> names = new HashMap<>();
  private final String expected;

  /** Takes these names; {@code *} among them allows any. */
  EventNames(List<String> names) {
    this.any = names.contains("*");
    names.forEach(name -> this.names.put(name, name));
    this.expected =
        any
            ? "must have 1 to " + MAX_LENGTH + " characters, not only blanks"
            : "must be one of " + String.join(", ", names);
  }

  /** The name, as one and the same string each time; null if no event may have it. */
  @Nullable String find(String name) {
    String known = names.get(name);
    if (known == null && any && !name.isBlank() && name.length() <= MAX_LENGTH) {
      return name;
    }
    return known;
  }

  /** What a name must be, for a person. */
  String expected() {
    return expected;
  }
}
