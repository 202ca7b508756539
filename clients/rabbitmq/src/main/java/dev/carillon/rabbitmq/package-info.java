/**
 * Domain events over RabbitMQ: {@link dev.carillon.rabbitmq.EventPublisher} says of each event
 * whether the broker has it, {@link dev.carillon.rabbitmq.EventSubscriber} hands each to a handler
 * until it is handled or set aside with its reason.
 */
@NullMarked
package dev.carillon.rabbitmq;

import org.jspecify.annotations.NullMarked;
