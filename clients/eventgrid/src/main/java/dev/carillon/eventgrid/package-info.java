/**
 * Publishes events to Azure Event Grid topics, on Azure's own SDK: {@link
 * dev.carillon.eventgrid.EventGridClient}.
 */
@NullMarked
package dev.carillon.eventgrid;

import org.jspecify.annotations.NullMarked;
