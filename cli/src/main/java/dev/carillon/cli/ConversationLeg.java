package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.EventBuffer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tracks, updates and deletes the events of a day of conversations, then asks about them. */
final class ConversationLeg {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DemoHub hub;
  private final PrintWriter out;

  ConversationLeg(DemoHub hub, PrintWriter out) {
    this.hub = hub;
    this.out = out;
  }

  /** Runs the day and prints what came of it; whether every answer is right. */
  boolean run() throws IOException {
    ConversationDay day = ConversationDay.read();
    try (AnalyticsClient client = AnalyticsClient.of(hub.http().toString())) {
      long start = System.nanoTime();
      long accepted = publish(client, day.operations());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      TextTable table = new TextTable();
      table.add(List.of("client", "transport", "tracked", "updated", "deleted", "accepted", "ms"));
      table.add(
          List.of(
              "AnalyticsClient.openBuffer",
              "HTTP, batch",
              String.valueOf(day.count(AnalyticsOperation.Create.class)),
              String.valueOf(day.count(AnalyticsOperation.Update.class)),
              String.valueOf(day.count(AnalyticsOperation.Delete.class)),
              String.valueOf(accepted),
              String.valueOf(took.toMillis())));
      table.print(out);
      out.println();
      ConversationChecks checks = new ConversationChecks(client, day);
      boolean right = checks.run() && accepted == day.operations().size();
      checks.print(out);
      return right;
    }
  }

  private static long publish(AnalyticsClient client, List<AnalyticsOperation> operations) {
    try (EventBuffer buffer = client.openBuffer()) {
      List<CompletableFuture<String>> results =
          operations.stream().map(operation -> operation.sendBy(buffer)).toList();
      buffer.flush(PATIENCE);
      return results.stream().filter(ConversationLeg::isAccepted).count();
    }
  }

  private static boolean isAccepted(CompletableFuture<String> result) {
    return result.isDone() && !result.isCompletedExceptionally();
  }
}
