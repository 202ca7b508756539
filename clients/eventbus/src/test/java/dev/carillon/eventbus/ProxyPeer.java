package dev.carillon.eventbus;

import dev.carillon.core.EventSink;
import dev.carillon.hub.bus.BusMessage;
import dev.carillon.hub.bus.BusRecorder;
import dev.carillon.hub.bus.BusStatistics;
import dev.carillon.hub.bus.EventBusProxy;
import dev.carillon.testkit.RemotePeer;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A proxy on ports of its own that writes down what passes, and comes back under them. */
final class ProxyPeer implements RemotePeer {

  private final UnaryOperator<EventBusProxy.Builder> options;
  private final boolean acknowledging;
  private final int publishPort;
  private final int subscribePort;
  private final int acknowledgePort;
  private final List<BusMessage> recorded = new ArrayList<>();
  private @Nullable EventBusProxy proxy;

  private ProxyPeer(boolean acknowledging, UnaryOperator<EventBusProxy.Builder> options)
      throws IOException {
    this.acknowledging = acknowledging;
    this.options = options;
    EventBusProxy.Builder first =
        options.apply(
            EventBusProxy.builder().publishPort(0).subscribePort(0).recorder(this::record));
    EventBusProxy made = (acknowledging ? first.acknowledgePort(0) : first).start();
    proxy = made;
    publishPort = made.publishAddress().getPort();
    subscribePort = made.subscribeAddress().getPort();
    acknowledgePort = made.acknowledgeAddress().map(URI::getPort).orElse(0);
  }

  /** A proxy that drops nothing, so that a busy machine fails no test. */
  static ProxyPeer plain() throws IOException {
    return new ProxyPeer(false, builder -> builder.noDrop(true));
  }

  static ProxyPeer acknowledging() throws IOException {
    return new ProxyPeer(true, builder -> builder.noDrop(true));
  }

  static ProxyPeer with(UnaryOperator<EventBusProxy.Builder> options) throws IOException {
    return new ProxyPeer(false, options);
  }

  private boolean record(BusMessage message, BusRecorder.Settlement settlement) {
    synchronized (recorded) {
      recorded.add(message);
    }
    settlement.stored();
    return true;
  }

  int publishPort() {
    return publishPort;
  }

  int subscribePort() {
    return subscribePort;
  }

  int acknowledgePort() {
    return acknowledgePort;
  }

  /** How many events it has recorded. */
  int passed() {
    return recorded().size();
  }

  List<BusMessage> recorded() {
    synchronized (recorded) {
      return List.copyOf(recorded);
    }
  }

  BusStatistics statistics() {
    return Objects.requireNonNull(proxy).statistics();
  }

  EventBusProxy proxy() {
    return Objects.requireNonNull(proxy);
  }

  @Override
  public EventSink openSink() {
    EventBusClientBuilder<TestEvents.Event, TestEvents.Kind, TestEvents.Topic> builder =
        TestEvents.builder(this)
            .sendTimeout(Duration.ofSeconds(5))
            .closeTimeout(Duration.ofSeconds(2))
            .sendQueue(2_000, OverflowPolicy.BLOCK);
    EventBusClient<?, ?, ?> client =
        (acknowledging ? builder.publishOnly().acknowledgePort(acknowledgePort) : builder).build();
    var unused = client.connectAsync();
    return client;
  }

  @Override
  public List<CloudEvent> arrived() {
    return recorded().stream().map(ProxyPeer::event).toList();
  }

  private static CloudEvent event(BusMessage message) {
    try {
      return CloudEventCodec.decode(message.topic(), message.payload());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stall() {
    proxy().pause();
  }

  @Override
  public void resume() {
    proxy().resume();
  }

  @Override
  public void stop() {
    if (proxy != null) {
      proxy.close();
      proxy = null;
    }
  }

  @Override
  public void start() {
    if (proxy != null) {
      return;
    }
    try {
      EventBusProxy.Builder again =
          options.apply(
              EventBusProxy.builder()
                  .publishPort(publishPort)
                  .subscribePort(subscribePort)
                  .recorder(this::record));
      proxy = (acknowledging ? again.acknowledgePort(acknowledgePort) : again).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
