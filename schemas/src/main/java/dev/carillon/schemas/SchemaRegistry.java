package dev.carillon.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import dev.carillon.core.EventValidationException.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas by event type and version. Thread-safe; one registry can serve any number of sinks,
 * sources and publishers.
 *
 * <p>Types are as on the wire ({@code workout.created}), versions count from 1. A version, once
 * registered, never changes. Schemas are compiled once.
 */
public final class SchemaRegistry {

  private static final int MAX_TYPE_LENGTH = 256;

  private final SchemaCompiler compiler = new SchemaCompiler();
  private final ConcurrentHashMap<String, TypeVersions> types = new ConcurrentHashMap<>();

  private SchemaRegistry() {}

  /** A registry with the fourteen types of the gym's events, version 1. */
  public static SchemaRegistry ofDefaults() {
    SchemaRegistry registry = new SchemaRegistry();
    for (String type : DomainSchemas.TYPES) {
      VersionedSchema schema = DomainSchemas.read(type, registry.compiler);
      registry.types.put(type, TypeVersions.NONE.with(DomainSchemas.VERSION, schema));
    }
    return registry;
  }

  /** A registry that knows nothing yet. */
  public static SchemaRegistry empty() {
    return new SchemaRegistry();
  }

  /**
   * Registers a schema from a file.
   *
   * @param type the event type
   * @param version 1 or higher
   * @param file a JSON Schema in UTF-8, at most 256 KiB
   * @return this registry
   * @throws SchemaException if the file cannot be read, is no JSON Schema (the message names the
   *     file and the place), refers to what is not in it, or if the version is registered already
   *     with another schema
   */
  public SchemaRegistry register(String type, int version, Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new SchemaException(file + ": cannot be read: " + e, e);
    }
    return register(type, version, file.toString(), text);
  }

  /**
   * Registers a schema.
   *
   * @param schema the text of a JSON Schema
   * @see #register(String, int, Path)
   */
  public SchemaRegistry register(String type, int version, String schema) {
    return register(type, version, "schema of " + type + " version " + version, schema);
  }

  private SchemaRegistry register(String type, int version, String origin, String text) {
    requireType(type);
    requireVersion(version);
    Schema compiled = compiler.compileChecked(origin, text);
    VersionedSchema schema = new VersionedSchema(text, () -> compiled);
    types.compute(type, (key, known) -> extended(known, type, version, schema));
    return this;
  }

  private static TypeVersions extended(
      @Nullable TypeVersions known, String type, int version, VersionedSchema schema) {
    TypeVersions versions = known == null ? TypeVersions.NONE : known;
    VersionedSchema before = versions.schema(version);
    if (before == null) {
      return versions.with(version, schema);
    }
    if (before.text().equals(schema.text())) {
      return versions;
    }
    throw new SchemaException(
        type + " version " + version + " is registered already, with another schema", null);
  }

  /** Whether any version of a type is registered. */
  public boolean knows(String type) {
    TypeVersions versions = types.get(type);
    return versions != null && !versions.isEmpty();
  }

  /** All types with a schema, in alphabetical order. */
  public SortedSet<String> types() {
    SortedSet<String> known = new TreeSet<>();
    types.forEach(
        (type, versions) -> {
          if (!versions.isEmpty()) {
            known.add(type);
          }
        });
    return known;
  }

  /** The versions of a type, lowest first; empty if the type is unknown. */
  public List<Integer> versions(String type) {
    TypeVersions versions = types.get(type);
    return versions == null ? List.of() : List.copyOf(versions.schemas().keySet());
  }

  /** The highest version of a type; empty if the type is unknown. */
  public OptionalInt latestVersion(String type) {
    TypeVersions versions = types.get(type);
    return versions == null || versions.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(versions.latest());
  }

  /** The text of a schema; empty if that version of that type is not registered. */
  public Optional<String> schema(String type, int version) {
    TypeVersions versions = types.get(type);
    return Optional.ofNullable(versions == null ? null : versions.schema(version))
        .map(VersionedSchema::text);
  }

  /**
   * Checks data against the latest version of a type.
   *
   * @param type the event type
   * @param data the event's data
   * @return everything that is wrong, each with its field such as {@code data.price}, at most 100;
   *     empty if nothing is, and for a type that is not registered
   */
  public List<Violation> validate(String type, JsonNode data) {
    TypeVersions versions = types.get(type);
    return versions == null || versions.isEmpty()
        ? List.of()
        : versions.schemas().lastEntry().getValue().validate(data);
  }

  /**
   * Checks data against the latest version of a type.
   *
   * @param data the event's data as JSON
   * @see #validate(String, JsonNode)
   */
  public List<Violation> validate(String type, byte[] data) {
    if (!knows(type)) {
      return List.of();
    }
    try {
      return validate(type, DataJson.CHECKING.readTree(data));
    } catch (IOException e) {
      return List.of(new Violation(FieldPath.ROOT, "is not valid JSON: " + e.getMessage()));
    }
  }

  private static void requireType(String type) {
    if (type.isBlank() || type.length() > MAX_TYPE_LENGTH) {
      throw new IllegalArgumentException(
          "an event type has 1 to " + MAX_TYPE_LENGTH + " characters: " + type);
    }
  }

  private static void requireVersion(int version) {
    if (version < 1) {
      throw new IllegalArgumentException("versions count from 1: " + version);
    }
  }
}
