/**
 * Conversation analytics over several machines: operations through Kafka, events in ClickHouse,
 * each behind the interfaces of the hub's store.
 */
@NullMarked
package dev.carillon.hub.pipeline;

import org.jspecify.annotations.NullMarked;
