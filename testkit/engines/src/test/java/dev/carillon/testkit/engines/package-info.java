/** Tests of the engines themselves. */
@NullMarked
package dev.carillon.testkit.engines;

import org.jspecify.annotations.NullMarked;
