package dev.carillon.examples;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsEvent;
import dev.carillon.analytics.ErrorCount;
import dev.carillon.analytics.EventUpdate;
import dev.carillon.analytics.TrackedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A conversation of three steps, one of which goes wrong and is put right. */
public final class ConversationDemo {

  private ConversationDemo() {}

  /** Runs against {@code http://localhost:8080}, or the URL that is given. */
  public static void main(String[] args) {
    String url = args.length == 0 ? "http://localhost:8080" : args[0];
    try (AnalyticsClient client = AnalyticsClient.of(url)) {
      if (client.waitUntilReady(Duration.ofSeconds(30))) {
        run(client, "conversation_demo_001").forEach(System.out::println);
      }
    }
  }

  /** Tracks the conversation and returns it as it is in the end. */
  public static List<AnalyticsEvent> run(AnalyticsClient client, String conversationId) {
    // docs:begin analytics-conversation
    client.trackEvent(
        TrackedEvent.builder(conversationId, "event_a")
            .input("Tell me about Java.")
            .output("Java is a language that has been around for a while...")
            .latency(230)
            .conversationMetadata(Map.of("user_id", "u_42", "channel", "web"))
            .build());
    client.trackEvent(
        TrackedEvent.builder(conversationId, "event_b")
            .input("What about concurrency?")
            .output("java.util.concurrent has been there since Java 5...")
            .latency(180)
            .build());
    String failed =
        client.trackEvent(
            TrackedEvent.builder(conversationId, "event_c")
                .input("Show me an example")
                .error("context_length_exceeded")
                .latency(5200)
                .build());

    List<ErrorCount> today = client.getErrorCounts("event_c", 1);
    today.forEach(
        day ->
            System.out.printf(
                "%s: %d of %d went wrong%n", day.date(), day.errorCount(), day.totalCount()));

    client.updateEvent(
        failed,
        EventUpdate.builder().error("").output("Here's an example...").latency(350).build());

    return client.getEventsByConversation(conversationId);
    // docs:end analytics-conversation
  }
}
