package dev.carillon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.analytics.ConversationMetadata;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers as lines of a table, or as JSON in the names of the wire. */
final class Rows {

  private static final int WIDEST = 48;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new JavaTimeModule())
          .addModule(new SimpleModule().addSerializer(new AsItsText()))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private Rows() {}

  static void printJson(PrintWriter out, Object answer) {
    try {
      out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Prints a table.
   *
   * @param columns the members to show; all if there is none
   */
  static void printTable(PrintWriter out, List<?> answers, String... columns) {
    TextTable table = new TextTable();
    for (Object answer : answers) {
      JsonNode row = MAPPER.valueToTree(answer);
      List<String> names = columns.length == 0 ? names(row) : List.of(columns);
      if (table.isEmpty()) {
        table.add(names);
      }
      table.add(names.stream().map(name -> text(row.path(name))).toList());
    }
    if (table.isEmpty()) {
      out.println("nothing");
    } else {
      table.print(out);
    }
  }

  /** Prints one answer, a line a member. */
  static void printMembers(PrintWriter out, Object answer) {
    JsonNode members = MAPPER.valueToTree(answer);
    TextTable table = new TextTable();
    for (String name : names(members)) {
      JsonNode value = members.path(name);
      table.add(List.of(name, value.isArray() ? value.size() + " numbers" : plain(value)));
    }
    table.print(out);
  }

  private static List<String> names(JsonNode row) {
    List<String> names = new ArrayList<>();
    row.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String text(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      return String.format(Locale.ROOT, "%.3f", value.doubleValue());
    }
    String text = plain(value);
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
  }

  /** In one line, and without the control characters that a terminal would obey. */
  private static String plain(JsonNode value) {
    return value.asText().replaceAll("\\s+", " ").replaceAll("\\p{Cc}", "\uFFFD");
  }

  /** Metadata as the wire has it: text that holds JSON. */
  private static final class AsItsText extends StdSerializer<ConversationMetadata> {
    private static final long serialVersionUID = 1L;

    AsItsText() {
      super(ConversationMetadata.class);
    }

    @Override
    public void serialize(
        ConversationMetadata metadata, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(metadata.json());
    }
  }
}
