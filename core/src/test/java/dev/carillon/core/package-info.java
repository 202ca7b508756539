/** Tests what the core does by itself. */
@NullMarked
package dev.carillon.core;

import org.jspecify.annotations.NullMarked;
