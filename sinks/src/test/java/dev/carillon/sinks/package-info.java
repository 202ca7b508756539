/** Tests the sinks around a sink. */
@NullMarked
package dev.carillon.sinks;

import org.jspecify.annotations.NullMarked;
