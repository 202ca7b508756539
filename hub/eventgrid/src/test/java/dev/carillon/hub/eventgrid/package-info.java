/** Tests of filters, schedules, addresses and certificates. */
@NullMarked
package dev.carillon.hub.eventgrid;

import org.jspecify.annotations.NullMarked;
