package dev.carillon.hub.store;

import java.util.List;

/**
 * Events that a query found.
 *
 * @param events in the query's order
 * @param next the cursor that continues after them: the position of the last event looked at
 * @param full whether the limit, in events or bytes, cut the answer, so that there may be more
 */
public record Page(List<StoredEvent> events, long next, boolean full) {}
