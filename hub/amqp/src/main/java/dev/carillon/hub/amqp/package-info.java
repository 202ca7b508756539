/**
 * AMQP 0-9-1 at the hub: a broker in its own process ({@link dev.carillon.hub.amqp.EmbeddedBroker})
 * and what brings the events of a broker into the hub ({@link dev.carillon.hub.amqp.AmqpIntake}).
 */
@NullMarked
package dev.carillon.hub.amqp;

import org.jspecify.annotations.NullMarked;
