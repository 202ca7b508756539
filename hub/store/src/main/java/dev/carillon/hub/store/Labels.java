package dev.carillon.hub.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What events are filtered by besides CloudEvents' own attributes: labels of a kind and a value,
 * all in one text between separators, so that one column holds them and one search finds one. No
 * value contains a separator, since CloudEvents allows attributes no control characters. Not
 * thread-safe.
 */
final class Labels {

  /** The kinds of labels, and the extension attributes that they come from. */
  enum Kind {
    SUBJECT('s', "subjects"),
    TAG('t', "tags"),
    TRACE_ID('r', "sourcetraceids"),
    ORGANIZATION('o', "organizationid"),
    USER('u', "userid");

    private final char mark;
    private final String attribute;

    Kind(char mark, String attribute) {
      this.mark = mark;
      this.attribute = attribute;
    }

    /** The extension attribute's name. */
    String attribute() {
      return attribute;
    }

    /** The kind that an attribute holds; null if it is no such attribute. */
    static @Nullable Kind of(String attribute) {
      return switch (attribute) {
        case "subjects" -> SUBJECT;
        case "tags" -> TAG;
        case "sourcetraceids" -> TRACE_ID;
        case "organizationid" -> ORGANIZATION;
        case "userid" -> USER;
        default -> null;
      };
    }
  }

  private static final char SEPARATOR = '\u001f';
  private static final JsonFactory JSON = new JsonFactory();

  private @Nullable StringBuilder text;

  void add(Kind kind, String value) {
    if (text == null) {
      text = new StringBuilder(64).append(SEPARATOR);
    }
    text.append(kind.mark).append(value).append(SEPARATOR);
  }

  void add(Kind kind, List<String> values) {
    for (String value : values) {
      add(kind, value);
    }
  }

  /** Adds what an attribute holds, if it holds labels. */
  void addAttribute(String name, String value) {
    Kind kind = Kind.of(name);
    if (kind == null) {
      return;
    }
    switch (kind) {
      case SUBJECT, TAG, TRACE_ID -> add(kind, listOf(value));
      case ORGANIZATION, USER -> add(kind, value);
    }
  }

  /** All in one text; null if there are none. */
  @Nullable String text() {
    return text == null ? null : text.toString();
  }

  /** What a text contains that has this label. */
  static String search(Kind kind, String value) {
    return "" + SEPARATOR + kind.mark + value + SEPARATOR;
  }

  /**
   * The strings of a JSON array's text; a text that is none, or holds what no attribute may hold,
   * counts as one string.
   */
  static List<String> listOf(String text) {
    if (!text.startsWith("[")) {
      return List.of(text);
    }
    List<String> values = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.VALUE_STRING) {
        values.add(json.getText());
      }
      boolean plain = values.stream().noneMatch(Labels::hasControlCharacter);
      return plain && json.currentToken() == JsonToken.END_ARRAY ? values : List.of(text);
    } catch (IOException notAnArray) {
      return List.of(text);
    }
  }

  private static boolean hasControlCharacter(String value) {
    return value.chars().anyMatch(Character::isISOControl);
  }
}
