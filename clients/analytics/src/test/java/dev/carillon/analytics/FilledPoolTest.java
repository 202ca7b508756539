package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.FilledPool;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for an answer, in an application whose common pool is busy for good. */
@Timeout(60)
class FilledPoolTest {

  /** Asks at the URL that is its argument. */
  static final class User {
    private User() {}

    public static void main(String[] args) {
      try (AnalyticsClient client =
          AnalyticsClient.builder()
              .baseUrl(args[0])
              .timeout(Duration.ofSeconds(5))
              .maxRetries(0)
              .build()) {
        System.out.println(client.getEventsByConversation("c").size() + " events");
      }
    }
  }

  @Test
  void itComes() throws Exception {
    try (ScriptedServer server = ScriptedServer.accepting()) {
      server.script(request -> ScriptedServer.Reply.ok("[]"));
      assertThat(FilledPool.run(User.class, server.url())).contains("0 events\n");
    }
  }
}
