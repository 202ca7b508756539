/** What the client does, seen from a real peer at the other end of its connections. */
@NullMarked
package dev.carillon.rabbitmq;

import org.jspecify.annotations.NullMarked;
