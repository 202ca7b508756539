package dev.carillon.schemas;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is registered, by event type. Thread-safe. */
final class TypeTable {

  private static final int MAX_TYPE_LENGTH = 256;

  private final ConcurrentHashMap<String, TypeVersions> types = new ConcurrentHashMap<>();
  private final Warnings warnings;

  TypeTable(Warnings warnings) {
    this.warnings = warnings;
  }

  void register(String type, int version, VersionedSchema schema) {
    types.compute(
        type,
        (key, known) -> (known == null ? TypeVersions.NONE : known).with(type, version, schema));
  }

  void register(String type, int fromVersion, Upcaster upcaster) {
    types.compute(
        type,
        (key, known) -> (known == null ? TypeVersions.NONE : known).with(fromVersion, upcaster));
  }

  SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(types.keySet());
    names.removeIf(type -> known(type) == null);
    return names;
  }

  /** The versions of a type; null if it has no schema. */
  @Nullable TypeVersions known(String type) {
    TypeVersions versions = types.get(type);
    return versions == null || versions.isEmpty() ? null : versions;
  }

  /** The versions of a type; null, with a line in the log once, if it has no schema. */
  @Nullable TypeVersions knownOrWarned(String type) {
    TypeVersions versions = known(type);
    if (versions == null) {
      warnings.unknownType(type);
    }
    return versions;
  }

  @Nullable VersionedSchema latestOrWarned(String type) {
    TypeVersions versions = knownOrWarned(type);
    return versions == null ? null : versions.schema(versions.latest());
  }

  static void requireType(String type) {
    if (type.isBlank() || type.length() > MAX_TYPE_LENGTH) {
      throw new IllegalArgumentException(
          "an event type has 1 to " + MAX_TYPE_LENGTH + " characters: " + type);
    }
  }

  static void requireVersion(int version) {
    if (version < 1) {
      throw new IllegalArgumentException("versions count from 1: " + version);
    }
  }
}
