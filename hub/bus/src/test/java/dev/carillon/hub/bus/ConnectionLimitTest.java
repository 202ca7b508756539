package dev.carillon.hub.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConnectionLimitTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void aConnectionBeyondTheLimitEndsAtOnceUntilAnotherGoes() throws IOException {
    try (EventBusProxy proxy =
        EventBusProxy.builder()
            .publishPort(0)
            .subscribePort(0)
            .acknowledgePort(0)
            .maxConnections(2)
            .start()) {
      URI acknowledge = proxy.acknowledgeAddress().orElseThrow();
      for (URI port : List.of(proxy.publishAddress(), proxy.subscribeAddress(), acknowledge)) {
        try (Socket first = connect(port);
            Socket second = connect(port);
            Socket third = connect(port)) {
          assertThat(isGreeted(first)).isTrue();
          assertThat(isGreeted(second)).isTrue();
          assertThat(isGreeted(third)).isFalse();
        }
        await().atMost(LONG).until(() -> isFree(port));
      }
      try (Peer subscriber = Peer.subscriber(proxy, "t");
          Peer publisher = Peer.publisher(proxy)) {
        publisher.send("t", "{}");
        assertThat(subscriber.receive()).containsExactly("t", "{}");
      }
    }
  }

  private static boolean isFree(URI port) throws IOException {
    try (Socket socket = connect(port)) {
      return isGreeted(socket);
    }
  }

  private static Socket connect(URI port) throws IOException {
    Socket socket = new Socket(port.getHost(), port.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Whether the proxy begins a handshake, and does not hang up. */
  private static boolean isGreeted(Socket socket) throws IOException {
    return socket.getInputStream().read() == 0xff;
  }
}
