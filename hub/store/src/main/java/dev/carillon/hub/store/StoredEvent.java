package dev.carillon.hub.store;

/**
 * An event as it is stored.
 *
 * @param position its place in the log, above 0
 * @param json the CloudEvent in the JSON format of CloudEvents 1.0, on one line; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // events are not compared, and a copy costs each read
public record StoredEvent(long position, byte[] json) {}
