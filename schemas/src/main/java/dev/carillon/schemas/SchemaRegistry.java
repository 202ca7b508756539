package dev.carillon.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;

/**
 * JSON Schemas (draft 2020-12) by event type and version. Thread-safe; one registry can serve any
 * number of sinks, sources and publishers.
 *
 * <p>Types are as on the wire ({@code workout.created}), versions count from 1. A version, once
 * registered, never changes. Schemas are compiled once. A type without a schema passes every check,
 * and is named in the log once.
 *
 * <p>Schemas are trusted code: nothing that they refer to is fetched, but a pattern that backtracks
 * without end, or definitions that multiply, take their time with each event. Register only schemas
 * whose authors you trust.
 */
public final class SchemaRegistry {

  /**
   * The CloudEvents extension that says which version of its type an event's data has. An event
   * that arrives without it has version 1. One that is sent without it is taken for the latest
   * version, and is given its number unless that is 1.
   */
  public static final String VERSION_EXTENSION = "schemaversion";

  private final boolean validating;
  private final SchemaCompiler compiler = new SchemaCompiler();
  private final Warnings warnings = new Warnings();
  private final Upcasting upcasting = new Upcasting(warnings);
  private final TypeTable types = new TypeTable(warnings);

  private SchemaRegistry(boolean validating, boolean domainEvents) {
    this.validating = validating;
    if (domainEvents) {
      for (String type : DomainTypes.RECORDS.keySet()) {
        types.register(type, DomainSchemas.VERSION, DomainSchemas.read(type, compiler));
      }
    }
  }

  /**
   * A registry with the fourteen types of {@link DomainEvent}, version 1. Each call makes a new
   * one: what is registered in it is checked only by those who are given it.
   */
  public static SchemaRegistry ofDefaults() {
    return builder().build();
  }

  /** A registry that knows nothing yet. */
  public static SchemaRegistry empty() {
    return builder().domainEvents(false).build();
  }

  /**
   * A registry with the fourteen types of {@link DomainEvent}, and all that a hub without an API
   * key has. Blocks; see {@link HubSchemas} for a key, a timeout, and for loading again.
   *
   * @param hub where the hub is: {@code http://127.0.0.1:8080}
   * @throws dev.carillon.core.EventException if the hub cannot be reached or refuses
   */
  public static SchemaRegistry from(URI hub) {
    SchemaRegistry registry = ofDefaults();
    HubSchemas.at(hub).loadInto(registry);
    return registry;
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Registers a schema from a file.
   *
   * @param type the event type, 1 to 256 characters
   * @param version 1 or higher
   * @param file a JSON Schema in UTF-8, at most 256 KiB
   * @return this registry
   * @throws SchemaException if the file cannot be read, is no JSON Schema (the message names the
   *     file and the place), refers to what is not in it, or if the version is registered already
   *     with another schema
   */
  public SchemaRegistry register(String type, int version, Path file) {
    try {
      if (Files.size(file) > SchemaCompiler.MAX_BYTES) {
        throw SchemaCompiler.tooLarge(file.toString());
      }
      return register(type, version, file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new SchemaException(file + ": cannot be read: " + e, e);
    }
  }

  /**
   * Registers a schema.
   *
   * @param schema the text of a JSON Schema
   * @return this registry
   * @see #register(String, int, Path)
   */
  public SchemaRegistry register(String type, int version, String schema) {
    return register(type, version, origin(type, version), schema);
  }

  /**
   * Registers a schema made of a record, as {@link #toData} writes it: components in snake_case,
   * required unless they are an {@code Optional} or annotated with a {@code Nullable}. Jackson's
   * annotations count.
   *
   * @param record the record
   * @return this registry
   * @see #register(String, int, Path)
   */
  public SchemaRegistry register(String type, int version, Class<? extends Record> record) {
    return register(type, version, record.getName(), RecordSchemas.of(record));
  }

  private SchemaRegistry register(String type, int version, String origin, String text) {
    Schema compiled = compile(type, version, origin, text);
    types.register(type, version, new VersionedSchema(text, () -> compiled));
    return this;
  }

  /**
   * Makes sure that a schema can be registered, and does not register it.
   *
   * @see #register(String, int, String)
   */
  public void check(String type, int version, String schema) {
    compile(type, version, origin(type, version), schema);
  }

  private Schema compile(String type, int version, String origin, String text) {
    TypeTable.requireType(type);
    TypeTable.requireVersion(version);
    return compiler.compileChecked(origin, text);
  }

  private static String origin(String type, int version) {
    return "schema of " + type + " version " + version;
  }

  /**
   * Registers the way from one version to the next one that is registered.
   *
   * @param type the event type
   * @param fromVersion the version that the upcaster takes
   * @param upcaster makes data of the next version
   * @return this registry
   */
  public SchemaRegistry upcaster(String type, int fromVersion, Upcaster upcaster) {
    TypeTable.requireType(type);
    TypeTable.requireVersion(fromVersion);
    types.register(type, fromVersion, upcaster);
    return this;
  }

  /** The data of a record of one's own, as its schema has it: in snake_case, nulls left out. */
  public static ObjectNode toData(Record record) {
    return DataJson.KEEPING.valueToTree(record);
  }

  /**
   * An event's data as a record of one's own, the inverse of {@link #toData}. Components are
   * required as {@link #register(String, int, Class)} has it; fields that the record lacks are
   * ignored.
   *
   * @throws EventValidationException if the data is missing, is no JSON or does not fit the record;
   *     it names the first field that does not
   */
  public static <T extends Record> T read(CloudEvent event, Class<T> record) {
    return EventData.read(EventData.json(event, DataJson.KEEPING), record);
  }

  /** Whether any version of a type is registered. */
  public boolean knows(String type) {
    return types.known(type) != null;
  }

  /** All types with a schema, in alphabetical order. */
  public SortedSet<String> types() {
    return types.names();
  }

  /** The versions of a type, lowest first; empty if the type is unknown. */
  public List<Integer> versions(String type) {
    TypeVersions versions = types.known(type);
    return versions == null ? List.of() : versions.numbers();
  }

  /** The highest version of a type; empty if the type is unknown. */
  public OptionalInt latestVersion(String type) {
    TypeVersions versions = types.known(type);
    return versions == null ? OptionalInt.empty() : OptionalInt.of(versions.latest());
  }

  /** The text of a schema; empty if that version of that type is not registered. */
  public Optional<String> schema(String type, int version) {
    TypeVersions versions = types.known(type);
    return Optional.ofNullable(versions == null ? null : versions.schema(version))
        .map(VersionedSchema::text);
  }

  /**
   * Checks data against the latest version of a type.
   *
   * @param type the event type
   * @param data the event's data
   * @return everything that is wrong, each with its field such as {@code data.price}, at most 100;
   *     empty if nothing is, for a type that is not registered, and when validation is off
   */
  public List<Violation> validate(String type, JsonNode data) {
    VersionedSchema schema = validating ? types.latestOrWarned(type) : null;
    return schema == null ? List.of() : schema.validate(data);
  }

  /**
   * Checks data against the latest version of a type.
   *
   * @param data the event's data as JSON in UTF-8, at most 16 MiB and 500 levels deep
   * @see #validate(String, JsonNode)
   */
  public List<Violation> validate(String type, byte[] data) {
    VersionedSchema schema = validating ? types.latestOrWarned(type) : null;
    return schema == null ? List.of() : EventData.validate(data, schema);
  }

  /**
   * Checks data against one version of a type.
   *
   * @param version the version; one that is not registered is a violation itself
   * @see #validate(String, byte[])
   */
  public List<Violation> validate(String type, int version, byte[] data) {
    TypeVersions versions = validating ? types.knownOrWarned(type) : null;
    return versions == null ? List.of() : EventData.validate(type, version, data, versions);
  }

  /**
   * Checks an event's data against the version that its {@link #VERSION_EXTENSION} names, or else
   * the latest.
   *
   * @return the event, naming the version that it was checked against unless that is version 1; the
   *     same event if it does already, or its type is not registered
   * @throws EventValidationException with everything that is wrong
   */
  public CloudEvent validated(CloudEvent event) {
    if (event == null) {
      throw new EventValidationException("event", "is missing");
    }
    String type = event.getType();
    TypeVersions versions = validating ? types.knownOrWarned(type) : types.known(type);
    if (versions == null) {
      return event;
    }
    List<Violation> violations = validating ? EventData.validate(event, versions) : List.of();
    if (!violations.isEmpty()) {
      throw new EventValidationException(violations);
    }
    return EventData.versioned(event, versions.latest());
  }

  /**
   * Brings data to the latest version of its type, step by step through the upcasters.
   *
   * @param type the event type
   * @param version the version that the data has
   * @param data the data, which is left as it is
   * @return data of the latest version; the same data if it is of that version already, of a newer
   *     one (with a warning in the log, once), or of a type that is not registered
   * @throws SchemaException if an upcaster is missing or fails, or the data is no object
   */
  public JsonNode upcast(String type, int version, JsonNode data) {
    TypeTable.requireVersion(version);
    TypeVersions versions = types.known(type);
    return versions == null ? data : upcasting.upcast(type, version, data, versions);
  }

  /**
   * Brings an event to the latest version of its type, from the version that its {@link
   * #VERSION_EXTENSION} names.
   *
   * @param event the event
   * @return the event with the latest version's data and its number; the same event if there is
   *     nothing to do
   * @throws SchemaException as {@link #upcast(String, int, JsonNode)}
   * @throws EventValidationException if the data is not JSON, or the version not a number
   */
  public CloudEvent upcast(CloudEvent event) {
    TypeVersions versions = types.known(event.getType());
    return versions == null ? event : upcasting.upcast(event, versions);
  }

  /** A handler that gets every event in the latest version of its type. */
  public EventHandler upcasting(EventHandler handler) {
    return event -> handler.handle(upcast(event));
  }

  /** Gathers how a registry works. Not thread-safe. */
  public static final class Builder {

    private boolean validating = true;
    private boolean domainEvents = true;

    private Builder() {}

    /** Whether data is checked at all; true unless set. Upcasting works either way. */
    public Builder validation(boolean on) {
      validating = on;
      return this;
    }

    /** Whether the types of {@link DomainEvent} are there from the start; true unless set. */
    public Builder domainEvents(boolean present) {
      domainEvents = present;
      return this;
    }

    /** The registry. */
    public SchemaRegistry build() {
      return new SchemaRegistry(validating, domainEvents);
    }
  }
}
