/**
 * What a publisher, a subscriber and the hub have in common where AMQP 0-9-1 is spoken: a
 * connection that is kept up ({@link dev.carillon.amqp.AmqpLink}), and events as messages ({@link
 * dev.carillon.amqp.MessageFormat}, {@link dev.carillon.amqp.MessageReader}).
 */
@NullMarked
package dev.carillon.amqp;

import org.jspecify.annotations.NullMarked;
