package dev.carillon.analytics;

/**
 * The service has accepted an update or a delete.
 *
 * @param eventId the event's id
 * @param message what the service says; may be empty
 */
public record Acceptance(String eventId, String message) {}
