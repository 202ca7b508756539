/**
 * The small core that every Carillon client shares: where events go ({@link
 * dev.carillon.core.EventSink}), where they come from ({@link dev.carillon.core.EventSource}), and
 * what is said about each one ({@link dev.carillon.core.Receipt}, {@link
 * dev.carillon.core.EventException}). The portable event is CNCF's {@link
 * io.cloudevents.CloudEvent}.
 */
@NullMarked
package dev.carillon.core;

import org.jspecify.annotations.NullMarked;
