package dev.carillon.hub.server;

import io.vertx.ext.web.Router;

/** One part of the hub's HTTP side. Each event loop has its own, so no part needs locks. */
interface Receiver {

  /** Adds its routes. */
  void routes(Router router);
}
