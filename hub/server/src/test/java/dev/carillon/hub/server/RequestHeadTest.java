package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose head cannot be read. */
@Timeout(60)
class RequestHeadTest extends HubTest {

  @Test
  void saysWhatIsWrongAndHangsUp() throws Exception {
    assertThat(answer("GET /?" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .matches("(?s)HTTP/1.[01] 414 .*")
        .contains("application/problem+json", "\"status\":414");
    assertThat(answer("GET / HTTP/1.1\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"))
        .matches("(?s)HTTP/1.[01] 431 .*")
        .contains("application/problem+json", "\"status\":431");
    assertThat(answer("nonsense\r\n\r\n"))
        .matches("(?s)HTTP/1.[01] 400 .*")
        .contains("application/problem+json", "\"status\":400");
    assertThat(hub.get("/health/live").statusCode()).isEqualTo(200);
  }

  private String answer(String request) throws Exception {
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
