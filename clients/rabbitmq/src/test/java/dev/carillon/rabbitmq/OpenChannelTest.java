package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That a channel is either of use or ended. */
@Timeout(60)
final class OpenChannelTest {

  @Test
  void aChannelWhoseExchangeIsNotDeclaredInTimeIsEnded() throws Exception {
    ConnectionFactory broker = new ConnectionFactory();
    broker.setUri(Brokers.shared().url());
    EventPublisherConfig config = EventPublisherConfig.builder().build();
    try (Connection connection = broker.newConnection()) {
      Channel channel = connection.createChannel();
      Channel slow = changed(Channel.class, channel, "exchangeDeclare", null);
      assertThatThrownBy(
              () ->
                  OpenChannel.open(
                      changed(Connection.class, connection, "createChannel", slow),
                      config,
                      new Settlement(
                          Clock.systemUTC(),
                          new Backlog(1, 1),
                          new Counters(new FailureLog(), config.publishTimeout())),
                      () -> {}))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(channel.isOpen()).isFalse();
      assertThat(connection.isOpen()).isTrue();
    }
  }

  /** The same but for one method, which gives an answer or has none in time. */
  private static <T> T changed(Class<T> type, T real, String method, @Nullable Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (!called.getName().equals(method)) {
                return called.invoke(real, arguments);
              }
              if (answer == null) {
                throw new SocketTimeoutException("no answer");
              }
              return answer;
            }));
  }
}
