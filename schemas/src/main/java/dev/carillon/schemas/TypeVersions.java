package dev.carillon.schemas;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The versions of one event type and the ways from one to the next. Immutable. */
final class TypeVersions {

  static final TypeVersions NONE = new TypeVersions(new TreeMap<>(), Map.of());

  private final NavigableMap<Integer, VersionedSchema> schemas;
  private final Map<Integer, Upcaster> upcasters;

  private TypeVersions(
      NavigableMap<Integer, VersionedSchema> schemas, Map<Integer, Upcaster> upcasters) {
    this.schemas = schemas;
    this.upcasters = upcasters;
  }

  TypeVersions with(int version, VersionedSchema schema) {
    NavigableMap<Integer, VersionedSchema> more = new TreeMap<>(schemas);
    more.put(version, schema);
    return new TypeVersions(more, upcasters);
  }

  TypeVersions with(int from, Upcaster upcaster) {
    Map<Integer, Upcaster> more = new TreeMap<>(upcasters);
    more.put(from, upcaster);
    return new TypeVersions(schemas, more);
  }

  boolean isEmpty() {
    return schemas.isEmpty();
  }

  int latest() {
    return schemas.lastKey();
  }

  NavigableMap<Integer, VersionedSchema> schemas() {
    return schemas;
  }

  @Nullable VersionedSchema schema(int version) {
    return schemas.get(version);
  }

  @Nullable Upcaster upcaster(int from) {
    return upcasters.get(from);
  }
}
