package dev.carillon.hub.server;

import io.vertx.ext.web.Router;

/** One part of the hub's HTTP side. Each event loop has its own, so no part needs locks. */
interface Receiver {

  /** Adds the routes that need no API key, or look at what is shown themselves. */
  default void openRoutes(Router router) {}

  /** Adds its other routes. */
  default void routes(Router router) {}
}
