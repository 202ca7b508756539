package dev.carillon.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.carillon.testkit.engines.RabbitBroker;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One broker for all tests of this module, which each have an exchange of their own. */
final class Brokers {

  private static @Nullable RabbitBroker shared;

  private Brokers() {}

  /** The broker that all share; who kills or stalls it brings it back. */
  static synchronized RabbitBroker shared() {
    if (shared == null) {
      shared = RabbitBroker.start(Path.of("target", "rabbitmq-" + ProcessHandle.current().pid()));
    }
    return shared;
  }

  /** A name that nobody has had. */
  static String unique(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }

  /** What a test does on a channel of its own. */
  interface Work<T> {
    T on(Channel channel) throws Exception;
  }

  static <T> T with(String url, Work<T> work) {
    try {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(url);
      try (Connection connection = factory.newConnection("test");
          Channel channel = connection.createChannel()) {
        return work.on(channel);
      }
    } catch (Exception e) {
      throw new AssertionError("the broker did not do what a test needs", e);
    }
  }
}
