package dev.carillon.analytics;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is done with an event. */
enum Operation {
  CREATE,
  UPDATE,
  DELETE;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The operation that an entry of a batch names; an entry that names none is a create. */
  static Operation ofWire(@Nullable Object name) throws IOException {
    if (name == null) {
      return CREATE;
    }
    for (Operation operation : values()) {
      if (operation.wireName().equals(name)) {
        return operation;
      }
    }
    throw new IOException("no operation is called " + name);
  }
}
