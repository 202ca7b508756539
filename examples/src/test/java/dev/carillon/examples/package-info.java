/** Runs the examples. */
@NullMarked
package dev.carillon.examples;

import org.jspecify.annotations.NullMarked;
