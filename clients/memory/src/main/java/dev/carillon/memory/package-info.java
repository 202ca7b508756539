/**
 * Events inside one process: the reference implementation of sink and source, for tests and for
 * applications whose parts live together.
 */
@NullMarked
package dev.carillon.memory;

import org.jspecify.annotations.NullMarked;
