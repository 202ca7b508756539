package dev.carillon.cli;

import dev.carillon.core.EventConnectionException;
import dev.carillon.resilience.Resilience;
import dev.carillon.resilience.RetryPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads a hub's live stream from its beginning and comes back where it was cut off. */
final class LiveReader implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final Resilience resilience =
      Resilience.builder()
          .retry(
              RetryPolicy.builder()
                  .maxAttempts(10_000)
                  .delay(Duration.ofMillis(20), Duration.ofMillis(100))
                  .deadline(Duration.ofMinutes(2))
                  .build())
          .build();
  private final List<String> ids = new CopyOnWriteArrayList<>();
  private final URI stream;
  private final Thread thread = new Thread(this::read, "live-reader");
  private String arriving = "0";
  private String position = "0";
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean closed;

  private LiveReader(URI hub) {
    stream = hub.resolve("/api/events/stream");
  }

  /** Starts reading. */
  static LiveReader of(URI hub) {
    LiveReader reader = new LiveReader(hub);
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  /** The ids of the events that came, in the order they came. */
  List<String> ids() {
    return List.copyOf(ids);
  }

  /** How often it was cut off. */
  int cuts() {
    return cuts.get();
  }

  private void read() {
    while (!closed) {
      try (InputStream body = resilience.call(this::open).get().body();
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          take(line);
        }
      } catch (IOException | ExecutionException e) {
        cuts.incrementAndGet(); // comes back where it was, or ends once closed
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private CompletableFuture<HttpResponse<InputStream>> open() {
    HttpRequest request = HttpRequest.newBuilder(stream).header("Last-Event-ID", position).build();
    return http.sendAsync(request, BodyHandlers.ofInputStream())
        .exceptionallyCompose(
            e -> CompletableFuture.failedFuture(new EventConnectionException("cut off", false, e)));
  }

  private void take(String line) {
    if (line.startsWith("id: ")) {
      arriving = line.substring(4);
    } else if (line.startsWith("data: ")) {
      ids.add(Log.json(line.substring(6)).get("id").textValue());
      position = arriving; // not before: a cut between the two lines must not skip the event
    }
  }

  @Override
  public void close() {
    closed = true;
    resilience.close();
    thread.interrupt();
  }
}
