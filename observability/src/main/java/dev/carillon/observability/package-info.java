/** What operators see of events that are sent, around any sink. */
@NullMarked
package dev.carillon.observability;

import org.jspecify.annotations.NullMarked;
