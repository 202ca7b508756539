/** Tests the meters around a sink. */
@NullMarked
package dev.carillon.observability;

import org.jspecify.annotations.NullMarked;
