/** Tests of the analytics client. */
@NullMarked
package dev.carillon.analytics;

import org.jspecify.annotations.NullMarked;
