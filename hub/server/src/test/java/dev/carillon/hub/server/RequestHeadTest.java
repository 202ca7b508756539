package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests whose head cannot be read. */
@Timeout(60)
class RequestHeadTest {

  @TempDir Path data;

  @Test
  void saysWhatIsWrongAndHangsUp() throws Exception {
    try (RunningHub hub = RunningHub.on(data)) {
      assertThat(answer(hub, "GET /?" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
          .matches("(?s)HTTP/1.[01] 414 .*")
          .contains("application/problem+json", "\"status\":414");
      assertThat(answer(hub, "GET / HTTP/1.1\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"))
          .matches("(?s)HTTP/1.[01] 431 .*")
          .contains("application/problem+json", "\"status\":431");
      assertThat(answer(hub, "nonsense\r\n\r\n"))
          .matches("(?s)HTTP/1.[01] 400 .*")
          .contains("application/problem+json", "\"status\":400");
      assertThat(hub.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  private static String answer(RunningHub hub, String request) throws Exception {
    try (Socket socket = hub.socket()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketException hungUp) {
        assertThat(hungUp).hasMessageContaining("reset"); // not all that was sent had been read
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
