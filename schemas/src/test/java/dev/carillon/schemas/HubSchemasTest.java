package dev.carillon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** At servers that are no good hub. */
@Timeout(60)
class HubSchemasTest {

  private final SchemaRegistry registry = SchemaRegistry.empty();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private HubSchemas schemas;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    schemas = HubSchemas.at(URI.create("http://user:pass@127.0.0.1:" + port()));
  }

  @Test
  void refusesAKeyThatNoHeaderCarriesWithoutRepeatingIt() {
    assertThatThrownBy(() -> schemas.withApiKey("s3cret\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("API key")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void refusesAUrlWithAQueryWithoutRepeatingItsCredentials() {
    assertThatThrownBy(() -> HubSchemas.at(URI.create("http://user:s3cret@hub?a=b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no query")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void saysInWordsThatNobodyAnswers() {
    HubSchemas nowhere = HubSchemas.at(URI.create("http://user:s3cret@127.0.0.1:1/"));
    assertThatThrownBy(() -> nowhere.loadInto(registry))
        .isInstanceOf(EventConnectionException.class)
        .hasMessage("http://***@127.0.0.1:1/api/schemas cannot be read: nobody answers there");
  }

  @Test
  void sendsTheCredentialsOfTheUrlBesideTheKey() {
    Headers sent = new Headers();
    server.createContext(
        "/api/schemas/a",
        exchange -> {
          try (exchange) {
            sent.putAll(exchange.getRequestHeaders());
            exchange.sendResponseHeaders(200, -1);
          }
        });
    schemas.withApiKey("key").put("a", 1, "{}");
    assertThat(sent.getFirst("Authorization")).isEqualTo("Basic dXNlcjpwYXNz");
    assertThat(sent.getFirst("X-Api-Key")).isEqualTo("key");
  }

  private int port() {
    return server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(String path, int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
  }

  @Test
  void registersWhatIsListed() {
    answer("/api/schemas", 200, "{\"schemas\":[{\"type\":\"a\",\"versions\":[1,3]}]}");
    answer("/api/schemas/a", 200, "{\"type\":\"object\"}");
    assertThat(schemas.loadInto(registry)).isEqualTo(2);
    assertThat(registry.versions("a")).containsExactly(1, 3);
    assertThat(schemas.loadInto(registry)).isZero();
  }

  @Test
  void refusesWhatIsNoJsonOrNoSchema() {
    answer("/api/schemas/a", 200, "{\"type\":1}");
    answer("/api/schemas", 200, "hello");
    assertThatThrownBy(() -> schemas.loadInto(registry))
        .isInstanceOf(EventRejectedException.class)
        .hasMessage("http://***@127.0.0.1:" + port() + "/api/schemas answered what is not JSON");
    server.removeContext("/api/schemas");
    answer("/api/schemas", 200, "{\"schemas\":[{\"type\":\"a\",\"versions\":[1]}]}");
    assertThatThrownBy(() -> schemas.loadInto(registry)).isInstanceOf(SchemaException.class);
    assertThat(registry.types()).isEmpty();
  }

  @Test
  void saysWhetherTryingAgainCanHelp() {
    answer("/api/schemas/a", 503, "later");
    answer("/api/schemas/b", 401, "no");
    assertThatThrownBy(() -> schemas.put("a", 1, "{}"))
        .isInstanceOfSatisfying(EventException.class, e -> assertThat(e.isRetryable()).isTrue())
        .hasMessageContaining("503: later");
    assertThatThrownBy(() -> schemas.put("b", 1, "{}"))
        .isInstanceOfSatisfying(EventException.class, e -> assertThat(e.isRetryable()).isFalse());
  }

  @Test
  void stopsReadingAnAnswerThatNeverEnds() {
    server.createContext(
        "/api/schemas",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            byte[] more = new byte[1 << 16];
            while (over.getCount() > 0) {
              exchange.getResponseBody().write(more);
            }
          }
        });
    assertThatThrownBy(() -> schemas.withTimeout(Duration.ofSeconds(50)).loadInto(registry))
        .isInstanceOf(EventConnectionException.class)
        .hasMessageContaining("larger than");
  }

  @Test
  void waitsNoLongerThanToldForAnAnswerThatDribbles() {
    server.createContext("/api/schemas", this::dribble);
    assertThatThrownBy(() -> schemas.withTimeout(Duration.ofMillis(300)).loadInto(registry))
        .isInstanceOf(EventTimeoutException.class)
        .hasMessageContaining("PT0.3S")
        .hasMessageNotContaining("pass");
  }

  private void dribble(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      do {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
      } while (!over.await(50, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
