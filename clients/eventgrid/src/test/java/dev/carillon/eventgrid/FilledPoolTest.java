package dev.carillon.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.FilledPool;
import dev.carillon.testkit.HubProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits for an answer, in an application whose common pool is busy for good. */
@Timeout(60)
final class FilledPoolTest {

  /** Publishes to the topic that is its argument. */
  static final class User {
    private User() {}

    public static void main(String[] args) {
      EventGridTopicConfig topic =
          new EventGridTopicConfig("t", args[0])
              .withCredential(EventGridCredential.signingKey("k"));
      try (EventGridClient client =
          EventGridClient.builder().config(EventGridConfig.of(topic)).build()) {
        System.out.println(client.emitEvent("t", "type", "subject", Map.of()).guarantee());
      }
    }
  }

  @Test
  void itComes(@TempDir Path folder) throws Exception {
    HubProcess hub = HubProcess.start(folder.resolve("data"));
    try {
      assertThat(FilledPool.run(User.class, Azure.http(hub, "t"))).contains("STORED\n");
    } finally {
      hub.kill();
    }
  }
}
