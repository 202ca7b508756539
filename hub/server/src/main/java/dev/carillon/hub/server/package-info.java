/**
 * The hub's process: receivers that take events over HTTP, queries, the live stream, health and
 * metrics, all on the event loops of Vert.x and over one {@link dev.carillon.hub.store.EventLog};
 * and the event bus, whose events go into the same log.
 */
@NullMarked
package dev.carillon.hub.server;

import org.jspecify.annotations.NullMarked;
