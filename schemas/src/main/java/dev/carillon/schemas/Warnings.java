package dev.carillon.schemas;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings that are worth a line once, not with each event. Thread-safe. */
final class Warnings {

  private static final Logger log = LoggerFactory.getLogger(SchemaRegistry.class);

  /** Beyond these it stays quiet: types may come from outside, and memory must not grow. */
  private static final int MOST = 1000;

  private final Set<String> given = ConcurrentHashMap.newKeySet();

  void unknownType(String type) {
    if (given.size() < MOST && given.add(type)) {
      log.warn("no schema is registered for events of type {}: they pass as they are", type);
    }
  }

  void newerVersion(String type, int version, int latest) {
    if (given.size() < MOST && given.add(type + " " + version)) {
      log.warn(
          "events of type {} come in version {}, newer than {} which is the latest known here:"
              + " they pass as they are",
          type,
          version,
          latest);
    }
  }
}
