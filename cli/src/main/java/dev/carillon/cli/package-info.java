/** The command line: what {@code ./carillon} hands its arguments to. */
@NullMarked
package dev.carillon.cli;

import org.jspecify.annotations.NullMarked;
