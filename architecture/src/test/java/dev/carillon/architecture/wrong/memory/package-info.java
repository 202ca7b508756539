/** A client that sees another, and is seen by it. */
@NullMarked
package dev.carillon.architecture.wrong.memory;

import org.jspecify.annotations.NullMarked;
