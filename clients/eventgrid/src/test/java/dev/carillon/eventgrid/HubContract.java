package dev.carillon.eventgrid;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventSink;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How the contract kits open a sink: a client of one topic, made as applications make it. */
final class HubContract {

  static final int MAX_PENDING = 2_000;

  /** Shared, so that a thousand clients are no thousand connection pools. */
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private HubContract() {}

  static EventSink open(URI hub, EventGridSchema schema) {
    String endpoint = Azure.at(hub, "contract");
    EventGridTopicConfig topic = new EventGridTopicConfig("contract", endpoint).withSchema(schema);
    EventGridClient client =
        EventGridClient.builder()
            .config(EventGridConfig.of(topic))
            .credential(EventGridCredential.sas(Azure.sas(endpoint, 3600)))
            .httpClient(HTTP)
            .requestTimeout(Duration.ofSeconds(4))
            .pendingTimeout(Duration.ofSeconds(12))
            .closeTimeout(Duration.ofSeconds(2))
            .maxPending(MAX_PENDING, 64 << 20)
            .build();
    return new OneTopic(client, client.sink("contract"));
  }

  /** A client of one topic as a sink. */
  private record OneTopic(EventGridClient client, EventSink topic) implements EventSink {
    @Override
    public CompletableFuture<Receipt> send(CloudEvent event) {
      return topic.send(event);
    }

    @Override
    public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
      return topic.sendAll(events);
    }

    @Override
    public Capabilities capabilities() {
      return topic.capabilities();
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
