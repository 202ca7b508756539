package dev.carillon.eventbus;

/**
 * An event that came.
 *
 * @param event the event
 * @param bytes the size of its payload
 */
record Arrived<V>(V event, int bytes) implements Weighed {}
