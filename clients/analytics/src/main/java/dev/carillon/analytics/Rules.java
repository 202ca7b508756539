package dev.carillon.analytics;

import dev.carillon.analytics.AnalyticsValidationException.Violation;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the service takes; collects what is wrong, so that all of it can be told at once. */
final class Rules {

  private static final int UUID_LENGTH = 36;
  private static final int LONGEST_CONVERSATION_ID = 256;
  private static final int LONGEST_EVENT_NAME = 128;
  private static final int MOST_FLOATS = 65_536;

  private List<Violation> found = List.of();

  /** An event's id: a UUID as text. */
  Rules id(@Nullable String id) {
    return id("id", id);
  }

  Rules id(String field, @Nullable String id) {
    return id != null && isUuid(id) ? this : wrong(field, "is no UUID");
  }

  private static boolean isUuid(String text) {
    for (int i = 0; i < text.length(); i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? text.charAt(i) != '-' : !HexFormat.isHexDigit(text.charAt(i))) {
        return false;
      }
    }
    return text.length() == UUID_LENGTH;
  }

  Rules conversationId(@Nullable String id) {
    return name("conversation_id", id, LONGEST_CONVERSATION_ID);
  }

  Rules eventName(@Nullable String name) {
    return name("event_name", name, LONGEST_EVENT_NAME);
  }

  private Rules name(String field, @Nullable String text, int longest) {
    if (text == null || text.isBlank()) {
      return wrong(field, "must not be blank");
    }
    if (text.length() > longest) {
      return wrong(field, "must not be longer than " + longest + " characters");
    }
    return text(field, text);
  }

  Rules text(String field, @Nullable String text) {
    if (text == null) {
      return wrong(field, "must not be null");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return wrong(field, "holds a NUL character, at " + i);
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return wrong(field, "holds half a surrogate pair, at " + i);
        }
        i++;
      }
    }
    return this;
  }

  Rules latency(double milliseconds) {
    return Double.isFinite(milliseconds) && milliseconds >= 0
        ? this
        : wrong("latency", "must be a finite number of milliseconds, not negative");
  }

  Rules embeddings(String field, @Nullable List<Float> floats) {
    if (floats == null) {
      return wrong(field, "must not be null");
    }
    if (floats.size() > MOST_FLOATS) {
      return wrong(field, "must not be longer than " + MOST_FLOATS + " numbers");
    }
    for (int i = 0; i < floats.size(); i++) {
      if (!Float.isFinite(floats.get(i))) {
        return wrong(field + "[" + i + "]", "must be a finite number");
      }
    }
    return this;
  }

  /** An event as it goes over the wire. */
  Rules size(byte[] json, int most) {
    return json.length <= most
        ? this
        : wrong("event", "must not be larger than " + most + " bytes as JSON");
  }

  Rules between(String field, long value, long least, long most) {
    return value >= least && value <= most
        ? this
        : wrong(field, "must be between " + least + " and " + most);
  }

  Rules wrong(String field, String message) {
    found = new ArrayList<>(found); // hardly ever
    found.add(new Violation(field, message));
    return this;
  }

  /**
   * Ends the check.
   *
   * @throws AnalyticsValidationException if anything is wrong
   */
  void check() {
    if (!found.isEmpty()) {
      throw new AnalyticsValidationException(found);
    }
  }
}
