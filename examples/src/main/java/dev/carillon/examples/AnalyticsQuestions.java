package dev.carillon.examples;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsEvent;
import dev.carillon.analytics.AnalyticsQuery;
import dev.carillon.analytics.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** What one asks about conversations. */
public final class AnalyticsQuestions {

  private AnalyticsQuestions() {}

  /** The worst of the last week, a line each. */
  public static List<String> worst(AnalyticsClient client) {
    // docs:begin analytics-questions
    client
        .getErrorCounts("event_a", 7)
        .forEach(day -> print("%s: %d of %d", day.date(), day.errorCount(), day.totalCount()));
    client
        .getLatencyStats(50)
        .forEach(s -> print("%s %s: %.1f ms", s.conversationId(), s.eventName(), s.p95Latency()));
    return client.getTopErrorSessions(10).stream()
        .map(s -> "%s: %.1f %%".formatted(s.conversationId(), 100 * s.errorRate()))
        .toList();
    // docs:end analytics-questions
  }

  /** Yesterday by the hour beside the day before, both asked at once. */
  public static Totals yesterday(AnalyticsClient client, Instant midnight) {
    // docs:begin analytics-async
    AnalyticsQuery yesterday =
        AnalyticsQuery.builder().from(midnight.minus(Duration.ofDays(1))).to(midnight).build();
    CompletableFuture<Totals> totals = client.async().getTotals(yesterday);
    client
        .async()
        .getTimeline(Duration.ofHours(1), yesterday)
        .join()
        .forEach(hour -> print("%s %s: %d", hour.bucket(), hour.eventName(), hour.events()));
    return totals.join();
    // docs:end analytics-async
  }

  /** Prints a conversation of any length, some events at a time. */
  public static void all(AnalyticsClient client, String conversationId) {
    // docs:begin analytics-pages
    AnalyticsQuery.Builder query = AnalyticsQuery.builder().limit(1_000);
    List<AnalyticsEvent> page = client.getEventsByConversation(conversationId, query.build());
    while (!page.isEmpty()) {
      page.forEach(event -> print("%s: %s", event.createdAt(), event.input()));
      query.after(page.get(page.size() - 1).id());
      page = client.getEventsByConversation(conversationId, query.build());
    }
    // docs:end analytics-pages
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
