package dev.carillon.examples;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsException;
import dev.carillon.analytics.AnalyticsNotFoundException;
import dev.carillon.analytics.AnalyticsValidationException;
import dev.carillon.analytics.TrackedEvent;

/** What can go wrong, by its type. */
public final class AnalyticsErrorHandling {

  private AnalyticsErrorHandling() {}

  /** Tracks an event and says in a word what became of it. */
  public static String track(AnalyticsClient client, String conversationId, String eventName) {
    // docs:begin analytics-errors
    try {
      return "tracked " + client.trackEvent(TrackedEvent.of(conversationId, eventName));
    } catch (AnalyticsValidationException e) {
      return "not valid: " + e.getMessage();
    } catch (AnalyticsNotFoundException e) {
      return "there is no such thing: " + e.getMessage();
    } catch (AnalyticsException e) {
      return "failed with HTTP " + e.status() + ", later perhaps: " + e.isRetryable();
    }
    // docs:end analytics-errors
  }
}
