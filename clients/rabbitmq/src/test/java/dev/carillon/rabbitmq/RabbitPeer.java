package dev.carillon.rabbitmq;

import dev.carillon.core.EventSink;
import dev.carillon.schemas.SchemaRegistry;
import dev.carillon.testkit.RemotePeer;
import dev.carillon.testkit.engines.RabbitBroker;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.List;

/** RabbitMQ as the other end of a sink. */
final class RabbitPeer implements RemotePeer {

  static final int MAX_PENDING = 2_000;

  private static final SchemaRegistry SCHEMAS = SchemaRegistry.ofDefaults();

  private final RabbitBroker broker = Brokers.shared();
  private final BoundQueue queue = new BoundQueue(broker.url());

  @Override
  public EventSink openSink() {
    return EventPublisher.of(settings(broker.url(), queue.exchange()).build());
  }

  /** As an application has it, but impatient and without resending. */
  static EventPublisherConfigBuilder settings(String url, String exchange) {
    return EventPublisherConfig.builder()
        .rabbitmqUrl(url)
        .exchangeName(exchange)
        .organizationId(() -> "lab-7")
        .schemas(SCHEMAS)
        .retryAttempts(0)
        .retryDelay(Duration.ofMillis(50))
        .maxRetryDelay(Duration.ofMillis(500))
        .connectionTimeout(Duration.ofSeconds(2))
        .socketTimeout(Duration.ofSeconds(2))
        .publishTimeout(Duration.ofSeconds(4))
        .closeTimeout(Duration.ofSeconds(2))
        .maxPending(MAX_PENDING)
        .maxEventBytes(1 << 20);
  }

  @Override
  public List<CloudEvent> arrived() {
    return queue.events();
  }

  @Override
  public void stop() {
    broker.kill();
  }

  @Override
  public void start() {
    broker.restart();
  }

  @Override
  public void stall() {
    broker.stall();
  }

  @Override
  public void resume() {
    broker.resume();
  }

  @Override
  public void close() {
    broker.resume();
    broker.restart();
    queue.delete();
  }
}
