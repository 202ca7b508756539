package dev.carillon.memory;

import dev.carillon.core.EventSink;
import dev.carillon.core.EventSource;
import dev.carillon.testkit.EventSourceContract;
import dev.carillon.testkit.SourcePeer;
import io.cloudevents.CloudEvent;

class MemorySourceTest extends EventSourceContract {

  @Override
  protected SourcePeer openPeer() {
    return new Publisher();
  }

  private static final class Publisher implements SourcePeer {
    private final MemoryBus bus = MemoryBus.ofDefaults();
    private final EventSink sink = bus.sink();

    @Override
    public EventSource openSource() {
      return bus.source();
    }

    @Override
    public void publish(CloudEvent event) {
      sink.send(event).join();
    }

    @Override
    public long publishMalformed() {
      return 0; // The bus carries objects, and only events.
    }

    @Override
    public long skipped() {
      return 0;
    }

    @Override
    public void close() {
      bus.close();
    }
  }
}
