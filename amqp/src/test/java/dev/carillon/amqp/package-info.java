/** How events and messages are made of each other. */
@NullMarked
package dev.carillon.amqp;

import org.jspecify.annotations.NullMarked;
