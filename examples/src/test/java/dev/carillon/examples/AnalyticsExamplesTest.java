package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsEvent;
import dev.carillon.analytics.EventBuffer;
import dev.carillon.analytics.FlushReport;
import dev.carillon.analytics.TrackedEvent;
import dev.carillon.testkit.HubProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The analytics examples do what they say, at a hub. */
final class AnalyticsExamplesTest {

  @TempDir private static Path shared;
  private static HubProcess hub;
  private static AnalyticsClient client;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    hub = HubProcess.start(shared.resolve("data"));
    client = AnalyticsClient.of(hub.http().toString());
  }

  @AfterAll
  static void stop() {
    client.close();
    hub.close();
  }

  @Test
  void theQuickstartTracks() {
    AnalyticsQuickstart.main(new String[] {hub.http().toString()});

    assertThat(client.getEventsByConversation("conv_123"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.conversationMetadata().text("user_id")).contains("u_456"));
  }

  @Test
  void theFailedStepIsPutRight() {
    List<AnalyticsEvent> events = ConversationDemo.run(client, "conversation_demo_001");

    assertThat(events).hasSize(3).noneMatch(AnalyticsEvent::hasError);
    assertThat(events)
        .extracting(AnalyticsEvent::latency)
        .containsExactlyInAnyOrder(230.0, 180.0, 350.0);
  }

  @Test
  void buffersTrackInTheBackground() {
    List<TrackedEvent> events =
        IntStream.range(0, 50).mapToObj(i -> TrackedEvent.of("conv_buffer", "event_a")).toList();

    List<CompletableFuture<String>> tracked = BufferedTracking.track(client, events);

    assertThat(tracked).allMatch(result -> result.isDone() && !result.isCompletedExceptionally());
    try (EventBuffer buffer = BufferedTracking.surviving(client, folder.resolve("spill"))) {
      assertThat(buffer.trackEvent(TrackedEvent.of("conv_buffer", "event_b")))
          .succeedsWithin(Duration.ofSeconds(30));
      assertThat(buffer.flush(Duration.ofSeconds(30))).isEqualTo(new FlushReport(1, 0, List.of()));
    }
    assertThat(client.getEventsByConversation("conv_buffer")).hasSize(51);
  }

  @Test
  void questionsAreAnswered() {
    client.trackEvent(TrackedEvent.builder("conv_worst", "event_a").error("timeout").build());

    assertThat(AnalyticsQuestions.worst(client)).contains("conv_worst: 100.0 %");
    Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);
    assertThat(AnalyticsQuestions.yesterday(client, midnight).current().from())
        .isEqualTo(midnight.minus(1, ChronoUnit.DAYS));
    AnalyticsQuestions.all(client, "conv_worst");
  }

  @Test
  void whatGoesWrongIsTold() {
    assertThat(AnalyticsErrorHandling.track(client, "conv_errors", "event_a"))
        .startsWith("tracked ");
    assertThat(AnalyticsErrorHandling.track(client, "conv_errors", "event_x"))
        .startsWith("not valid: ")
        .contains("event_name");
    assertThat(AnalyticsErrorHandling.track(client, " ", "event_a"))
        .isEqualTo("not valid: conversation_id: must not be blank");
    try (AnalyticsClient nobody =
        AnalyticsClient.builder().baseUrl("http://127.0.0.1:1").maxRetries(0).build()) {
      assertThat(AnalyticsErrorHandling.track(nobody, "conv_errors", "event_a"))
          .isEqualTo("failed with HTTP 0, later perhaps: true");
    }
  }
}
