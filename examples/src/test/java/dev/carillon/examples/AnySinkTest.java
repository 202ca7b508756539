package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventSource;
import dev.carillon.memory.MemoryBus;
import io.cloudevents.CloudEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnySinkTest {

  @Test
  void whatIsSentArrivesEnrichedAndCounted() {
    // docs:begin any-test
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    List<CloudEvent> received = new CopyOnWriteArrayList<>();
    try (MemoryBus bus = MemoryBus.ofDefaults();
        EventSource source = bus.source()) {
      source.subscribe(EventFilter.all(), received::add);

      assertThat(AnySink.send(AnySink.around(bus.sink(), registry)))
          .succeedsWithin(Duration.ofSeconds(10));

      await().until(() -> received.size() == 1);
      assertThat(text(received.get(0))).contains("\"source_service\":\"intake\"");
      assertThat(registry.counter("carillon.events.published", "topic", "samples").count())
          .isEqualTo(1);
    }
    // docs:end any-test
  }

  private static String text(CloudEvent event) {
    return new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8);
  }
}
