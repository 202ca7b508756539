/** A server that sees a client. */
@NullMarked
package dev.carillon.architecture.wrong.hub.server;

import org.jspecify.annotations.NullMarked;
