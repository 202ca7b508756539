/**
 * The hub's event log: an append-only store of CloudEvents behind {@link
 * dev.carillon.hub.store.EventLog}, and its embedded form, a group-committed journal in front of
 * DuckDB.
 */
@NullMarked
package dev.carillon.hub.store;

import org.jspecify.annotations.NullMarked;
