/** A store that sees the server. */
@NullMarked
package dev.carillon.architecture.wrong.hub.store;

import org.jspecify.annotations.NullMarked;
