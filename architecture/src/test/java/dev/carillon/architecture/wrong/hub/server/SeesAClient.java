package dev.carillon.architecture.wrong.hub.server;

import dev.carillon.architecture.wrong.dataservices.SeesItBack;

/** A hub that sees a client. */
public class SeesAClient {
  static Class<?> client() {
    return SeesItBack.class;
  }
}
