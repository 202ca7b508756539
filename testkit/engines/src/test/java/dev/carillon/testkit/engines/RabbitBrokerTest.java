package dev.carillon.testkit.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RabbitBrokerTest {

  @TempDir private Path folder;

  @Test
  void isItselfAndComesBackOnItsPortAfterAKill() throws Exception {
    try (RabbitBroker broker = RabbitBroker.start(folder.resolve("broker"))) {
      assertThat(broker.control("status")).contains("RabbitMQ").contains(folder.toString());
      long first = broker.pid();
      broker.kill();
      Assertions.assertThatThrownBy(() -> connect(broker)).isInstanceOf(ConnectException.class);
      broker.restart();
      connect(broker);
      assertThat(broker.pid()).isNotEqualTo(first);
    }
  }

  private static void connect(RabbitBroker broker) throws Exception {
    new Socket(InetAddress.getLoopbackAddress(), broker.port()).close();
  }
}
