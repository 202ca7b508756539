package dev.carillon.rabbitmq;

import dev.carillon.core.EventSink;
import dev.carillon.hub.amqp.EmbeddedBroker;
import dev.carillon.testkit.EventSinkContract;
import dev.carillon.testkit.FaultProxy;
import dev.carillon.testkit.SinkPeer;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The publisher keeps the contract on the embedded broker, too. Not there: restarts, since it keeps
 * messages in memory, and what else only RabbitMQ does, such as alarms and full queues.
 */
final class EmbeddedSinkContractTest extends EventSinkContract {

  @SuppressWarnings("NullAway.Init") // before all tests
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start("127.0.0.1", 0, "guest");
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Override
  protected SinkPeer openPeer() {
    return new Peer();
  }

  @Override
  protected int mostOutstanding() {
    return RabbitPeer.MAX_PENDING;
  }

  private static final class Peer implements SinkPeer {
    private final String url = broker.address().toString();
    private final FaultProxy proxy = FaultProxy.before(broker.address().getPort());
    private final BoundQueue queue = new BoundQueue(url);

    @Override
    public EventSink openSink() {
      return EventPublisher.of(
          RabbitPeer.settings("amqp://127.0.0.1:" + proxy.port(), queue.exchange())
              .closeTimeout(Duration.ofSeconds(2))
              .build());
    }

    @Override
    public List<CloudEvent> arrived() {
      return queue.events();
    }

    @Override
    public void stall() {
      proxy.hang();
    }

    @Override
    public void resume() {
      proxy.pass();
    }

    @Override
    public void close() {
      proxy.close();
      queue.delete();
    }
  }
}
