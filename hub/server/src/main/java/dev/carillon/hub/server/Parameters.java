package dev.carillon.hub.server;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a request's query parameters, and notes what is wrong with them. Not thread-safe. */
final class Parameters {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;

  private final MultiMap values;
  private final Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER); // as values is
  private final List<Violation> violations = new ArrayList<>(0);

  private Parameters(MultiMap values) {
    this.values = values;
  }

  static Parameters of(RoutingContext context) {
    try {
      return new Parameters(context.queryParams());
    } catch (RuntimeException e) {
      throw new BadRequestException(Problem.of(400, "the query parameters cannot be decoded"));
    }
  }

  /**
   * Throws what is wrong with the parameters read so far, and those that nobody has read: a filter
   * that is spelled wrongly must not be one that is missing.
   */
  void checkAll() {
    for (String name : values.names()) {
      if (!known.contains(name)) {
        wrong(name, "is not a parameter of this request");
      }
    }
    check();
  }

  /** Throws what is wrong with the parameters read so far. */
  void check() {
    if (!violations.isEmpty()) {
      throw new BadRequestException(Problem.invalid(violations));
    }
  }

  /** Notes that a parameter is wrong. */
  void wrong(String name, String message) {
    violations.add(new Violation(name, message));
  }

  int limit() {
    return number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
  }

  int number(String name, int ifAbsent, int least, int most) {
    return (int) position(name, ifAbsent, least, most);
  }

  long position(String name, long ifAbsent, long least, long most) {
    String text = value(name);
    if (text == null) {
      return ifAbsent;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // answered below, as a number out of range is
    }
    violations.add(new Violation(name, "is not a whole number from " + least + " to " + most));
    return ifAbsent;
  }

  private @Nullable String value(String name) {
    known.add(name);
    return values.get(name);
  }

  /** A text that can be an attribute of an event. */
  @Nullable String text(String name) {
    String text = value(name);
    return checked(name, text, text == null ? null : Text.wrongInAttribute(text, Text.MAX_LENGTH));
  }

  /** A text that can be in an event's data. */
  @Nullable String dataText(String name) {
    String text = value(name);
    return checked(name, text, text == null ? null : Text.wrongInData(text));
  }

  private @Nullable String checked(String name, @Nullable String text, @Nullable String wrong) {
    if (wrong != null) {
      violations.add(new Violation(name, wrong));
      return null;
    }
    return text;
  }

  List<String> texts(String name) {
    String text = text(name);
    return text == null ? List.of() : List.of(text);
  }

  /** Everything that a parameter that may be repeated says. */
  List<String> all(String name) {
    known.add(name);
    return values.getAll(name);
  }

  @Nullable Instant time(String name) {
    String text = text(name);
    Instant time = text == null ? null : Text.time(text);
    if (text != null && time == null) {
      violations.add(new Violation(name, "is not an ISO 8601 time in the years 1 to 9999"));
    }
    return time;
  }

  @Nullable String oneOf(String name, String... choices) {
    String text = value(name);
    if (text == null || List.of(choices).contains(text)) {
      return text;
    }
    violations.add(new Violation(name, "is none of " + String.join(", ", choices)));
    return null;
  }
}
