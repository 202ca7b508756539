package dev.carillon.architecture.wrong.dataservices;

import dev.carillon.architecture.wrong.memory.SeesAnotherClient;

/** Closes the circle. */
public class SeesItBack {
  static Class<?> other() {
    return SeesAnotherClient.class;
  }
}
