package dev.carillon.dataservices;

import dev.carillon.core.EventSink;
import dev.carillon.testkit.HubPeer;
import dev.carillon.testkit.RemotePeer;
import dev.carillon.testkit.RemoteSinkContract;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The client keeps the contract at a hub in a process of its own. */
final class RemoteHubContractTest extends RemoteSinkContract {

  private static final int MAX_PENDING = 2_000;

  /** Shared, so that a thousand clients are no thousand connection pools. */
  private static final ExecutorService THREADS = Executors.newFixedThreadPool(4);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .executor(THREADS)
          .build();

  @TempDir private Path folder;

  @Override
  protected RemotePeer openPeer() {
    return new HubPeer(folder.resolve("data"), RemoteHubContractTest::openSink);
  }

  private static EventSink openSink(URI hub) {
    return EventClient.builder()
        .httpClient(HTTP, hub.toString())
        .requestTimeout(Duration.ofSeconds(2))
        .pendingTimeout(Duration.ofSeconds(10))
        .closeTimeout(Duration.ofSeconds(2))
        .maxPending(MAX_PENDING, 64 << 20)
        .build();
  }

  @Override
  protected int mostOutstanding() {
    return MAX_PENDING + 64;
  }

  @AfterAll
  static void stopThreads() {
    THREADS.shutdownNow();
  }
}
