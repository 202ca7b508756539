package dev.carillon.architecture.wrong.memory;

import dev.carillon.architecture.wrong.dataservices.SeesItBack;

/** Sees another client, and is seen by all the others. */
public class SeesAnotherClient {
  static Class<?> other() {
    return SeesItBack.class;
  }
}
