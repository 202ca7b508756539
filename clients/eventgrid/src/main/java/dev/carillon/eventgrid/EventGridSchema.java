package dev.carillon.eventgrid;

/** How events are written, which a topic in Azure is made for. */
public enum EventGridSchema {
  /**
   * Event Grid's own schema, Azure's default. It has no place for a CloudEvent's source, data
   * schema and extensions other than {@code dataversion}: they stay behind.
   */
  EVENT_GRID,
  /** CloudEvents 1.0, complete. */
  CLOUD_EVENTS
}
