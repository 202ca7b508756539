package dev.carillon.schemas;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The versions of one event type and the ways from one to the next. Immutable. */
final class TypeVersions {

  static final TypeVersions NONE = new TypeVersions(new TreeMap<>(), Map.of());

  private final NavigableMap<Integer, VersionedSchema> schemas;
  private final Map<Integer, Upcaster> upcasters;
  private final int latest;

  private TypeVersions(
      NavigableMap<Integer, VersionedSchema> schemas, Map<Integer, Upcaster> upcasters) {
    this.schemas = schemas;
    this.upcasters = upcasters;
    this.latest = schemas.isEmpty() ? 0 : schemas.lastKey();
  }

  /** These and one version more; these if it is there already with the same text. */
  TypeVersions with(String type, int version, VersionedSchema schema) {
    VersionedSchema before = schemas.get(version);
    if (before == null) {
      NavigableMap<Integer, VersionedSchema> more = new TreeMap<>(schemas);
      more.put(version, schema);
      return new TypeVersions(more, upcasters);
    }
    if (before.text().equals(schema.text())) {
      return this;
    }
    throw new SchemaException(
        type + " version " + version + " is registered already, with another schema", null);
  }

  TypeVersions with(int from, Upcaster upcaster) {
    Map<Integer, Upcaster> more = new TreeMap<>(upcasters);
    more.put(from, upcaster);
    return new TypeVersions(schemas, more);
  }

  boolean isEmpty() {
    return schemas.isEmpty();
  }

  List<Integer> numbers() {
    return List.copyOf(schemas.keySet());
  }

  int latest() {
    return latest;
  }

  /** The version after one that is not the latest. */
  int after(int version) {
    return schemas.higherKey(version);
  }

  @Nullable VersionedSchema schema(int version) {
    return schemas.get(version);
  }

  @Nullable Upcaster upcaster(int from) {
    return upcasters.get(from);
  }
}
