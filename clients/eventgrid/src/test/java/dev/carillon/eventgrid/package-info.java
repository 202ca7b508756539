/** Tests the client against the hub, and the hub against Azure's own SDK. */
@NullMarked
package dev.carillon.eventgrid;

import org.jspecify.annotations.NullMarked;
