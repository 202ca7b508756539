/** A package whose name says nothing. */
@NullMarked
package dev.carillon.architecture.wrong.util;

import org.jspecify.annotations.NullMarked;
