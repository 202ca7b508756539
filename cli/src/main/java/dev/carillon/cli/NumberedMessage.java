package dev.carillon.cli;

import dev.carillon.dataservices.EventMessage;

/**
 * An event and where it came from.
 *
 * @param place as a person finds it: {@code line 17}
 * @param message the event
 */
record NumberedMessage(String place, EventMessage message) {}
