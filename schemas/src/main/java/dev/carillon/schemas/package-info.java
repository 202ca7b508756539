/**
 * What is in an event: JSON Schemas (draft 2020-12) by event type and version ({@link
 * dev.carillon.schemas.SchemaRegistry}), typed records for the fourteen event types of the gym
 * ({@link dev.carillon.schemas.DomainEvent}), and a check in front of any sink ({@link
 * dev.carillon.schemas.ValidatingSink}).
 */
@NullMarked
package dev.carillon.schemas;

import org.jspecify.annotations.NullMarked;
