package dev.carillon.schemas;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Brings the data of an event from one version of its type to the next. Must be thread-safe. */
@FunctionalInterface
public interface Upcaster {

  /**
   * Makes data of the next version.
   *
   * @param data a copy of the data, which may be changed and returned
   * @return the data in the next version
   */
  ObjectNode upcast(ObjectNode data);

  /** For a next version that takes all data of the one before, such as one more optional field. */
  static Upcaster unchanged() {
    return data -> data;
  }
}
