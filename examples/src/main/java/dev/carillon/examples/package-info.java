/**
 * Small programs that show how Carillon is used. They compile with everything else, and the guides
 * quote what stands between {@code docs:begin} and {@code docs:end}.
 */
@NullMarked
package dev.carillon.examples;

import org.jspecify.annotations.NullMarked;
