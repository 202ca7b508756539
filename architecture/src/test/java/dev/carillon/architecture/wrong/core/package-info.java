/** A core that sees a client. */
@NullMarked
package dev.carillon.architecture.wrong.core;

import org.jspecify.annotations.NullMarked;
