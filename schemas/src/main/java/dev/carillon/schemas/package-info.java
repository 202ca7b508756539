/**
 * What is in an event: JSON Schemas by event type and version ({@link
 * dev.carillon.schemas.SchemaRegistry}), typed records for the gym's fourteen types of events
 * ({@link dev.carillon.schemas.DomainEvent}), and a check in front of any sink ({@link
 * dev.carillon.schemas.ValidatingSink}).
 */
@NullMarked
package dev.carillon.schemas;

import org.jspecify.annotations.NullMarked;
