/**
 * The client of the Data Services event service: {@link dev.carillon.dataservices.EventClient}
 * publishes laboratory events ({@link dev.carillon.dataservices.EventMessage}) by HTTP, one by one
 * or in batches, blocking or not, and reads them back. It also is an {@link
 * dev.carillon.core.EventSink}, so any CloudEvent with JSON data can go this way.
 */
@NullMarked
package dev.carillon.dataservices;

import org.jspecify.annotations.NullMarked;
