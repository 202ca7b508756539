/**
 * The middle of a ZeroMQ event bus: {@link dev.carillon.hub.bus.EventBusProxy} between publishers
 * and subscribers. The hub runs one; any process may embed one.
 */
@NullMarked
package dev.carillon.hub.bus;

import org.jspecify.annotations.NullMarked;
