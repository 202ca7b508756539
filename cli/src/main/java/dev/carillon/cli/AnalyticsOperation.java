package dev.carillon.cli;

import dev.carillon.analytics.EventBuffer;
import dev.carillon.analytics.EventUpdate;
import dev.carillon.analytics.TrackedEvent;
import java.util.concurrent.CompletableFuture;

/** What is done with an event of a conversation. */
sealed interface AnalyticsOperation {

  /** The event's id. */
  String eventId();

  /** Adds this to a buffer. */
  CompletableFuture<String> sendBy(EventBuffer buffer);

  /** An event is tracked. */
  record Create(TrackedEvent event) implements AnalyticsOperation {
    @Override
    public String eventId() {
      return event.id();
    }

    @Override
    public CompletableFuture<String> sendBy(EventBuffer buffer) {
      return buffer.trackEvent(event);
    }
  }

  /** An event is changed. */
  record Update(String eventId, EventUpdate update) implements AnalyticsOperation {
    @Override
    public CompletableFuture<String> sendBy(EventBuffer buffer) {
      return buffer.updateEvent(eventId, update);
    }
  }

  /** An event is deleted. */
  record Delete(String eventId) implements AnalyticsOperation {
    @Override
    public CompletableFuture<String> sendBy(EventBuffer buffer) {
      return buffer.deleteEvent(eventId);
    }
  }
}
