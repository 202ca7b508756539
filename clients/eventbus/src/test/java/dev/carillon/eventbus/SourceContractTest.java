package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.EventSource;
import dev.carillon.testkit.EventSourceContract;
import dev.carillon.testkit.SourcePeer;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The client keeps the contract as a source of CloudEvents. */
final class SourceContractTest extends EventSourceContract {

  @Override
  protected SourcePeer openPeer() throws IOException {
    return new Publisher(ProxyPeer.plain());
  }

  private static final class Publisher implements SourcePeer {
    private final ProxyPeer bus;
    private final EventBusClient<?, ?, ?> publisher;
    private final List<EventBusClient<?, ?, ?>> sources = new CopyOnWriteArrayList<>();

    Publisher(ProxyPeer bus) {
      this.bus = bus;
      publisher = TestEvents.builder(bus).build();
      publisher.connect();
    }

    @Override
    public EventSource openSource() {
      EventBusClient<?, ?, ?> source = TestEvents.builder(bus).build();
      source.connect();
      sources.add(source);
      return source;
    }

    @Override
    public void publish(CloudEvent event) {
      publisher.send(event).join();
    }

    @Override
    public long publishMalformed() {
      try (RawPublisher raw = RawPublisher.to(bus)) {
        raw.send("sample-1".getBytes(UTF_8));
        raw.send("sample-1".getBytes(UTF_8), "{}".getBytes(UTF_8), "more".getBytes(UTF_8));
        raw.send("sample-1".getBytes(UTF_8), new byte[0]);
        raw.send("sample-1".getBytes(UTF_8), "no JSON".getBytes(UTF_8));
        raw.send("sample-1".getBytes(UTF_8), "[1]".getBytes(UTF_8));
        raw.send("sample-1".getBytes(UTF_8), "{\"type\":1}".getBytes(UTF_8));
        raw.send(
            "sample-1".getBytes(UTF_8), "{\"type\":\"a\",\"specversion\":\"1.0\"}".getBytes(UTF_8));
        raw.send(new byte[] {-1, -2}, "{\"type\":\"a\"}".getBytes(UTF_8));
        raw.awaitTaken();
      }
      return 8;
    }

    @Override
    public long skipped() {
      return sources.stream().mapToLong(source -> source.metrics().malformed()).sum();
    }

    @Override
    public void close() {
      publisher.close();
      bus.close();
    }
  }
}
