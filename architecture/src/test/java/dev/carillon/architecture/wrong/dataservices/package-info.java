/** A client that sees another, and is seen by it. */
@NullMarked
package dev.carillon.architecture.wrong.dataservices;

import org.jspecify.annotations.NullMarked;
