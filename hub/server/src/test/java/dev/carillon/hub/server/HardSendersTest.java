package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static dev.carillon.hub.server.RunningHub.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Senders that speak HTTP badly, slowly or without end. */
@Timeout(60)
class HardSendersTest extends HubTest {

  private static final String GOOD = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";

  @Override
  List<String> flags() {
    return List.of("--body-timeout=2");
  }

  @AfterEach
  void theNextRequestWorks() throws Exception {
    assertThat(hub.post(PUBLISH, GOOD).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesABodyOfTwoGigabytesWithoutReadingIt() throws Exception {
    try (Socket socket = hub.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("Content-Length: 2147483648\r\n"));
      out.write(new byte[100]);
      assertThat(statusOf(socket)).isEqualTo(413);
    }
  }

  @Test
  void refusesAChunkedBodyOnceItIsTooLarge() throws Exception {
    try (Socket socket = hub.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("Transfer-Encoding: chunked\r\n"));
      byte[] chunk = new byte[65536];
      assertThat(
              statusWhileSending(
                  socket,
                  () -> {
                    out.write(ascii("10000\r\n"));
                    out.write(chunk);
                    out.write(ascii("\r\n"));
                  }))
          .isEqualTo(413);
    }
  }

  @Test
  void givesUpOnASenderThatDribbles() throws Exception {
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket socket = hub.socket();
      socket.getOutputStream().write(head("Content-Length: 1000\r\n"));
      socket.getOutputStream().write('{');
      slow.add(socket);
    }
    for (Socket socket : slow) {
      assertThat(statusOf(socket)).isEqualTo(408);
      assertThat(socket.getInputStream().readAllBytes()).as("until it is closed").isNotEmpty();
      socket.close();
    }
  }

  @Test
  void answersWhatIsNoHttpAtAll() throws Exception {
    try (Socket socket = hub.socket()) {
      socket.getOutputStream().write(ascii("GARBAGE\r\n\r\n"));
      assertThat(statusOf(socket)).isEqualTo(400);
    }
    assertProblem(hub.get("/nothing/here"), 404);
    assertProblem(hub.post("/health/live", "{}"), 405);
    for (String target : List.of("/api/events?limit=%zz", "/%zz", "/event/%")) {
      try (Socket socket = hub.socket()) {
        String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(ascii(request));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("json", "\"");
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] head(String headers) {
    String head = "POST " + PUBLISH + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    return ascii(head + headers + "\r\n");
  }

  private interface Sending {
    void once() throws IOException;
  }

  /** Sends until the answer is there, or the hub has hung up behind it. */
  private static int statusWhileSending(Socket socket, Sending sending) throws IOException {
    try {
      for (int i = 0; i < 100_000 && socket.getInputStream().available() == 0; i++) {
        sending.once();
      }
    } catch (SocketException hungUp) {
      assertThat(hungUp).hasMessageNotContaining("timed out");
    }
    return statusOf(socket);
  }

  private static int statusOf(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] start = in.readNBytes("HTTP/1.1 200".length());
    return Integer.parseInt(new String(start, StandardCharsets.US_ASCII).substring(9));
  }
}
