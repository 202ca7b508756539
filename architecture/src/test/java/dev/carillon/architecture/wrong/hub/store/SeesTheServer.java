package dev.carillon.architecture.wrong.hub.store;

import dev.carillon.architecture.wrong.hub.server.SeesAClient;

class SeesTheServer {
  static Class<?> server() {
    return SeesAClient.class;
  }
}
