package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

  private final ServerSocket echo;
  private final FaultProxy proxy;

  FaultProxyTest() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.before(echo.getLocalPort());
  }

  @BeforeEach
  void serve() {
    Thread thread = new Thread(this::acceptAll, "echo");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!echo.isClosed()) {
      try {
        Socket socket = echo.accept();
        Thread thread = new Thread(() -> echo(socket), "echo-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        assertThat(echo.isClosed()).isTrue();
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class); // The proxy cut the connection.
    }
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    proxy.close();
    echo.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(5000);
    return socket;
  }

  private static void roundTrip(Socket socket, int bytes) throws IOException {
    socket.getOutputStream().write(new byte[bytes]);
    assertThat(socket.getInputStream().readNBytes(bytes)).hasSize(bytes);
  }

  @Test
  void passesBytesAndTheEndOfAStreamThrough() throws IOException {
    try (Socket socket = connect()) {
      roundTrip(socket, 100_000);
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
  }

  @Test
  void letsTheAnswerThroughAfterTheClientHasEndedItsSide() throws IOException {
    proxy.slow(50_000);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(new byte[5_000]);
      socket.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).hasSize(5_000);
    }
  }

  @Test
  void refusesAndComesBackOnTheSamePort() throws IOException {
    Socket cut = connect();
    roundTrip(cut, 10);
    proxy.refuse();
    assertThatThrownBy(() -> cut.getInputStream().read()).isInstanceOf(SocketException.class);
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    proxy.pass();
    try (Socket socket = connect()) {
      roundTrip(socket, 10);
    }
  }

  @Test
  void cutsWhatIsConnectedAndServesWhatComesNext() throws IOException {
    Socket cut = connect();
    roundTrip(cut, 10);
    proxy.cut();
    assertThatThrownBy(() -> cut.getInputStream().read()).isInstanceOf(SocketException.class);
    try (Socket socket = connect()) {
      roundTrip(socket, 10);
    }
  }

  @Test
  void cutsAfterSoManyBytesOfAnAnswer() throws IOException {
    proxy.cutAfter(Long.MAX_VALUE, 7);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(new byte[20]);
      assertThat(bytesUntilCut(socket)).isLessThanOrEqualTo(7);
    }
  }

  @Test
  void cutsAfterSoManyBytesOfARequest() throws IOException {
    proxy.cutAfter(1000, Long.MAX_VALUE);
    try (Socket socket = connect()) {
      roundTrip(socket, 999);
      socket.getOutputStream().write(new byte[10]);
      assertThat(bytesUntilCut(socket)).isLessThanOrEqualTo(1);
    }
  }

  private static int bytesUntilCut(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    int read = 0;
    try {
      while (in.read() >= 0) {
        read++;
      }
      throw new AssertionError("ended without a reset after " + read + " bytes");
    } catch (SocketException reset) {
      return read;
    }
  }

  @Test
  void hangsWithoutLosingAByte() throws IOException {
    try (Socket socket = connect()) {
      roundTrip(socket, 10);
      proxy.hang();
      socket.getOutputStream().write(new byte[10]);
      socket.setSoTimeout(100);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(5000);
      proxy.pass();
      assertThat(socket.getInputStream().readNBytes(10)).hasSize(10);
    }
  }

  @Test
  void goesSlow() throws IOException {
    proxy.slow(10_000);
    try (Socket socket = connect()) {
      long began = System.nanoTime();
      roundTrip(socket, 2_000);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(Duration.ofMillis(190), Duration.ofSeconds(4));
    }
  }

  @Test
  void servesManyConnectionsWithOneThread() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sockets.add(connect());
      roundTrip(sockets.get(i), 10);
    }
    assertThat(proxy.connections()).isEqualTo(50);
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("carillon-fault-proxy")))
        .hasSize(1);
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
