/** A policy that sees a client. */
@NullMarked
package dev.carillon.architecture.wrong.resilience;

import org.jspecify.annotations.NullMarked;
