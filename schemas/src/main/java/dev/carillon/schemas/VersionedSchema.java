package dev.carillon.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import dev.carillon.core.EventValidationException.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** One version of one type: the schema's text, and its compiled form. Thread-safe. */
final class VersionedSchema {

  private static final int MOST_VIOLATIONS = 100;

  private static final ExecutionConfig CONFIG =
      ExecutionConfig.builder()
          .annotationCollectionEnabled(false)
          .formatAssertionsEnabled(true)
          .locale(Locale.ROOT)
          .build();

  private final String text;
  private final Supplier<Schema> compiled;

  /**
   * Creates a version.
   *
   * @param compiled gives the same schema each time
   */
  VersionedSchema(String text, Supplier<Schema> compiled) {
    this.text = text;
    this.compiled = compiled;
  }

  String text() {
    return text;
  }

  /** What is wrong with data, in the order found, at most 100. */
  List<Violation> validate(JsonNode data) {
    FirstErrors errors = new FirstErrors();
    try {
      ExecutionContext context = new ExecutionContext(CONFIG);
      context.setErrors(errors);
      compiled.get().validate(context, bounded(data));
    } catch (EnoughErrors e) {
      return errors.violations();
    } catch (StackOverflowError e) {
      return List.of(
          new Violation(
              FieldPath.ROOT, "is nested too deeply, or its schema never comes to an end"));
    } catch (JsonProcessingException e) {
      return List.of(new Violation(FieldPath.ROOT, "cannot be checked: " + e.getOriginalMessage()));
    } catch (ArithmeticException | NumberFormatException e) {
      return List.of(new Violation(FieldPath.ROOT, "has a number that is none: " + e.getMessage()));
    }
    return errors.isEmpty() ? List.of() : errors.violations();
  }

  /** Data as {@link DataJson#CHECKING} reads it, since others may have read it otherwise. */
  private static JsonNode bounded(JsonNode data) throws JsonProcessingException {
    return holdsDecimals(data)
        ? DataJson.CHECKING.readTree(DataJson.CHECKING.writeValueAsString(data))
        : data;
  }

  private static boolean holdsDecimals(JsonNode data) {
    if (data.isContainerNode()) {
      for (JsonNode each : data) {
        if (holdsDecimals(each)) {
          return true;
        }
      }
    }
    return data.isBigDecimal();
  }

  /** Ends the validation of data with very many errors. */
  private static final class EnoughErrors extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EnoughErrors() {
      super("enough errors", null, false, false);
    }
  }

  private static final class FirstErrors extends ArrayList<Error> {

    private static final long serialVersionUID = 1L;

    FirstErrors() {
      super(0);
    }

    @Override
    public boolean add(Error error) {
      super.add(error);
      if (size() >= MOST_VIOLATIONS) {
        throw new EnoughErrors();
      }
      return true;
    }

    List<Violation> violations() {
      return stream().map(FieldPath::violation).toList();
    }
  }
}
