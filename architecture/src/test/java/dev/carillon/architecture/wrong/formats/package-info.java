/** Formats that see a client. */
@NullMarked
package dev.carillon.architecture.wrong.formats;

import org.jspecify.annotations.NullMarked;
