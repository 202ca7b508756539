package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.dataservices.ScriptedServer.Reply;
import dev.carillon.testkit.FilledPool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for an answer, in an application whose common pool is busy for good. */
@Timeout(60)
class FilledPoolTest {

  /** Publishes to a URL, to one whose answers break off, and where nobody answers. */
  static final class User {
    private User() {}

    public static void main(String[] args) {
      EventMessage message =
          EventMessage.builder().topic("t").subjects("s").data(Map.of("a", 1)).build();
      try (EventClient client = EventClient.of(args[0])) {
        System.out.println(client.publishEvent(message).id());
      }
      try (EventClient client = EventClient.of(args[1])) {
        client.publishEvent(message);
      } catch (EventConnectionException e) {
        System.out.println("broken off");
      }
      try (EventClient client =
          EventClient.builder()
              .url("http://127.0.0.1:1")
              .requestTimeout(Duration.ofMillis(200))
              .build()) {
        client.publishEvent(message);
      } catch (EventTimeoutException e) {
        System.out.println("in time");
      }
    }
  }

  @Test
  void itComes() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    Reply.of(200, "{\"id\":\"1\",\"createdDateUtc\":\"2026-11-01T08:00:00Z\"}"));
        RawPeer cut =
            new RawPeer(
                (connection, out) -> {
                  RawPeer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":");
                  connection.close();
                })) {
      assertThat(FilledPool.run(User.class, server.url(), cut.url()))
          .contains("1\nbroken off\nin time\n");
    }
  }
}
