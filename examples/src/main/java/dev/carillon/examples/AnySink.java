package dev.carillon.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.EventSink;
import dev.carillon.core.Receipt;
import dev.carillon.observability.MeteredSink;
import dev.carillon.resilience.Resilience;
import dev.carillon.resilience.ResilientSink;
import dev.carillon.sinks.EnrichingSink;
import dev.carillon.sinks.Enrichment;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** What is alike whatever an event is sent by. */
public final class AnySink {

  private AnySink() {}

  /** Sends one event. */
  public static CompletableFuture<Receipt> send(EventSink sink) {
    // docs:begin any-send
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId("sample-123-received")
            .withSource(URI.create("/lab/intake"))
            .withType("sample.received")
            .withSubject("sample-123")
            .withData("application/json", "{\"operator\":\"lab_tech_1\"}".getBytes(UTF_8))
            .build();
    return sink.send(event);
    // docs:end any-send
  }

  /** A sink whose events are enriched once, counted, and tried again. */
  public static EventSink around(EventSink sink, MeterRegistry registry) {
    // docs:begin any-around
    EventSink resilient = new ResilientSink(sink, Resilience.ofDefaults());
    EventSink metered = new MeteredSink(resilient, registry, "samples");
    return new EnrichingSink(metered, Enrichment.builder().sourceService("intake").build());
    // docs:end any-around
  }
}
