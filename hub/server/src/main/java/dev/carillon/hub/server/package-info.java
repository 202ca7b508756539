/**
 * The hub's process: receivers that take events over HTTP, queries, the live stream, health and
 * metrics, all on the event loops of Vert.x and over one {@link dev.carillon.hub.store.EventLog}.
 */
@NullMarked
package dev.carillon.hub.server;

import org.jspecify.annotations.NullMarked;
