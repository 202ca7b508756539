package dev.carillon.hub.bus;

import org.jspecify.annotations.Nullable;

/**
 * One event on its way through the bus.
 *
 * @param topic the topic's name
 * @param payload the event's JSON, not compressed; not to be changed
 * @param id the id under which its publisher waits for an answer; null if nobody waits
 */
@SuppressWarnings("ArrayRecordComponent") // messages are not compared, and a copy costs each event
public record BusMessage(String topic, byte[] payload, @Nullable String id) {}
