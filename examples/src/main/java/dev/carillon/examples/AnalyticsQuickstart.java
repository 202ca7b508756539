// docs:begin analytics-quickstart
package dev.carillon.examples;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.TrackedEvent;
import java.util.Map;

/** Tracks one event of a conversation at a hub on this machine and reads it back. */
public final class AnalyticsQuickstart {

  private AnalyticsQuickstart() {}

  /** Runs against {@code http://localhost:8080}, or the URL that is given. */
  public static void main(String[] args) {
    String url = args.length == 0 ? "http://localhost:8080" : args[0];
    try (AnalyticsClient client = AnalyticsClient.of(url)) {
      if (!client.healthCheck()) {
        System.err.println("the service is not available");
        return;
      }
      String eventId =
          client.trackEvent(
              TrackedEvent.builder("conv_123", "event_a")
                  .input("What is the weather today?")
                  .output("It's sunny and 75°F.")
                  .latency(142.5)
                  .conversationMetadata(Map.of("user_id", "u_456", "session", 7))
                  .build());
      System.out.println("tracked: " + eventId);
      System.out.println("read back: " + client.getEvent(eventId).orElseThrow());
    }
  }
}
// docs:end analytics-quickstart
