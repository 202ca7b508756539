/** Schemas that see a client. */
@NullMarked
package dev.carillon.architecture.wrong.schemas;

import org.jspecify.annotations.NullMarked;
