package dev.carillon.testkit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.core.EventSink;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The hub as the other end of a sink: a process of its own that is killed to stop it and stands
 * still to stall it, read through its CloudEvents API.
 */
public final class HubPeer implements RemotePeer {

  private static final String EVENTS = "/api/events?limit=10000";

  private final Path data;
  private final Function<HubProcess, EventSink> sinks;
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonFormat format = new JsonFormat();

  /** Keeps numbers as they are, since the events are taken apart and put together again. */
  private final ObjectMapper mapper =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final URI http;
  private HubProcess hub;
  private boolean up = true;

  /**
   * Starts a hub.
   *
   * @param data its data folder
   * @param sinks opens a sink that sends to the hub at an address
   */
  public HubPeer(Path data, Function<URI, EventSink> sinks) {
    this(data, List.of(), hub -> sinks.apply(hub.http()));
  }

  /**
   * Starts a hub with flags of one's own.
   *
   * @param data its data folder
   * @param flags further flags; with each restart its ports stay the same
   * @param sinks opens a sink that sends to a hub, which may be down by then
   */
  public HubPeer(Path data, List<String> flags, Function<HubProcess, EventSink> sinks) {
    this.data = data;
    this.sinks = sinks;
    this.hub = HubProcess.start(data, flags.toArray(String[]::new));
    this.http = hub.http();
  }

  /** Where the hub listens, restarts included. */
  public URI http() {
    return http;
  }

  @Override
  public EventSink openSink() {
    return sinks.apply(hub);
  }

  @Override
  public List<CloudEvent> arrived() {
    List<CloudEvent> arrived = new ArrayList<>();
    Optional<URI> page = Optional.of(http.resolve(EVENTS));
    while (page.isPresent()) {
      page = read(page.get(), arrived);
    }
    return arrived;
  }

  /** Reads one page; returns the address of the next, if there is one. */
  private Optional<URI> read(URI page, List<CloudEvent> into) {
    try {
      HttpRequest request = HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(30)).build();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      for (JsonNode event : mapper.readTree(answer.body())) {
        into.add(withItsNumbers(format.deserialize(mapper.writeValueAsBytes(event)), event));
      }
      return answer
          .headers()
          .firstValue("Link")
          .map(link -> http.resolve(link.substring(1, link.indexOf('>'))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The event with the data as it came: the format reads decimals as doubles. */
  private static CloudEvent withItsNumbers(CloudEvent event, JsonNode json) {
    return event.getData() instanceof JsonCloudEventData
        ? CloudEventBuilder.v1(event).withData(JsonCloudEventData.wrap(json.get("data"))).build()
        : event;
  }

  @Override
  public boolean keepsEachIdOnce() {
    return true;
  }

  @Override
  public void stop() {
    hub.kill();
    up = false;
  }

  @Override
  public void start() {
    if (!up) {
      hub = HubProcess.start(data, hub.portFlags().toArray(String[]::new));
      up = true;
    }
  }

  @Override
  public void stall() {
    hub.stall();
  }

  @Override
  public void resume() {
    hub.resume();
  }

  @Override
  public void close() {
    hub.close();
  }
}
