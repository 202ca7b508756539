/** A client that must need nothing, and sees the core. */
@NullMarked
package dev.carillon.architecture.wrong.analytics;

import org.jspecify.annotations.NullMarked;
