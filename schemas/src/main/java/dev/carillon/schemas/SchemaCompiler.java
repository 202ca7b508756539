package dev.carillon.schemas;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.resource.SchemaLoader;
import com.networknt.schema.serialization.NodeReader;
import com.networknt.schema.serialization.node.TokenStreamLocationAware;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads, checks and compiles schemas. What a schema refers to must be inside it: nothing is ever
 * fetched. Thread-safe.
 */
final class SchemaCompiler {

  static final int MAX_BYTES = 256 << 10;
  private static final int MAX_DEPTH = 64;
  private static final int MOST_COMPLAINTS = 10;

  private static final JsonMapper MAPPER = DataJson.bounded(MAX_DEPTH).build();
  private static final NodeReader LOCATED =
      NodeReader.builder().jsonMapper(MAPPER).locationAware().build();

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .formatAssertionsEnabled(true)
          .locale(Locale.ROOT)
          .losslessNarrowing(true)
          .preloadSchema(false)
          .build();

  /** The standard's own schemas, which come with the library. */
  private final com.networknt.schema.SchemaRegistry standards = registry(true);

  /** Users' schemas: not cached, since two may carry the same {@code $id}. */
  private final com.networknt.schema.SchemaRegistry schemas = registry(false);

  private static com.networknt.schema.SchemaRegistry registry(boolean cached) {
    return com.networknt.schema.SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder ->
            builder
                .schemaCacheEnabled(cached)
                .schemaRegistryConfig(CONFIG)
                .schemaLoader(
                    SchemaLoader.builder()
                        .allow(iri -> isStandard(iri.toString()))
                        .fetchRemoteResources(false)
                        .build()));
  }

  private static boolean isStandard(String iri) {
    return iri.startsWith("https://json-schema.org/") || iri.startsWith("http://json-schema.org/");
  }

  /**
   * Reads a schema and makes sure that it is one.
   *
   * @param origin where it comes from, for error messages
   */
  Schema compileChecked(String origin, String text) {
    if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw tooLarge(origin);
    }
    JsonNode node = read(origin, text);
    SpecificationVersion dialect = dialect(origin, node);
    check(origin, node, dialect);
    return compile(origin, node);
  }

  static SchemaException tooLarge(String origin) {
    return new SchemaException(origin + ": is larger than " + MAX_BYTES + " bytes", null);
  }

  /** Compiles a schema that is known to be one. */
  Schema compile(String origin, JsonNode node) {
    try {
      Schema schema = schemas.getSchema(SchemaLocation.DOCUMENT, node);
      schema.initializeValidators();
      return schema;
    } catch (RuntimeException e) {
      throw new SchemaException(origin + ": " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new SchemaException(origin + ": refers to itself without end", e);
    }
  }

  private static JsonNode read(String origin, String text) {
    JsonNode node;
    try {
      node = LOCATED.readTree(text, InputFormat.JSON);
    } catch (IllegalArgumentException e) {
      throw e.getCause() instanceof IOException cause ? malformed(origin, cause) : e;
    } catch (IOException e) {
      throw malformed(origin, e);
    }
    if (!node.isObject() && !node.isBoolean()) {
      throw new SchemaException(origin + ": is neither a JSON object nor a boolean", null);
    }
    return node;
  }

  private static SchemaException malformed(String origin, IOException e) {
    String place = "";
    String message = String.valueOf(e.getMessage());
    if (e instanceof JsonProcessingException json) {
      place = place(json.getLocation());
      message = json.getOriginalMessage();
    }
    return new SchemaException(origin + place + ": is not valid JSON: " + message, e);
  }

  private static SpecificationVersion dialect(String origin, JsonNode node) {
    JsonNode named = node.path("$schema");
    if (named.isMissingNode()) {
      return SpecificationVersion.DRAFT_2020_12;
    }
    return SpecificationVersion.fromDialectId(named.asText())
        .orElseThrow(
            () ->
                new SchemaException(
                    origin + ", /$schema: names no standard JSON Schema: " + named.asText(), null));
  }

  private void check(String origin, JsonNode node, SpecificationVersion dialect) {
    List<Error> errors =
        standards.getSchema(SchemaLocation.of(dialect.getDialectId())).validate(node);
    if (!errors.isEmpty()) {
      String complaints =
          errors.stream()
              .distinct()
              .limit(MOST_COMPLAINTS)
              .map(error -> describe(origin, error))
              .distinct()
              .collect(Collectors.joining("; "));
      throw new SchemaException(complaints, null);
    }
  }

  private static String describe(String origin, Error error) {
    JsonNode culprit = error.getInstanceNode();
    return origin
        + place(
            culprit instanceof TokenStreamLocationAware located
                ? located.tokenStreamLocation()
                : null)
        + ", "
        + error.getInstanceLocation()
        + ": "
        + error.getMessage();
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : ", line " + location.getLineNr() + " column " + location.getColumnNr();
  }
}
