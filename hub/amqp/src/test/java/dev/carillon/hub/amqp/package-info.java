/** The hub's side of AMQP, at a real broker. */
@NullMarked
package dev.carillon.hub.amqp;

import org.jspecify.annotations.NullMarked;
