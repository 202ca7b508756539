/** The rules of the design, as tests. */
@NullMarked
package dev.carillon.architecture;

import org.jspecify.annotations.NullMarked;
