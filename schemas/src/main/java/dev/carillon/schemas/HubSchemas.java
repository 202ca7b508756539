package dev.carillon.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Ranges;
import dev.carillon.http.Answer;
import dev.carillon.http.BaseUrl;
import dev.carillon.http.HttpAnswers;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The schemas that a hub shares among its clients, at {@code /api/schemas}. Blocks while the hub
 * answers. Immutable and thread-safe.
 */
public final class HubSchemas {

  private static final String SCHEMAS = "/api/schemas";
  private static final int MAX_ANSWER = 4 << 20;

  private final BaseUrl hub;
  private final @Nullable String apiKey;
  private final Duration timeout;
  private final @Nullable SSLContext sslContext;

  private HubSchemas(
      BaseUrl hub, @Nullable String apiKey, Duration timeout, @Nullable SSLContext sslContext) {
    this.hub = hub;
    this.apiKey = apiKey;
    this.timeout = timeout;
    this.sslContext = sslContext;
  }

  /**
   * The schemas of a hub that asks for no key, waiting 10 seconds for each answer.
   *
   * @param hub where the hub is: {@code http://127.0.0.1:8080}; what stands before an {@code @} in
   *     it is sent as Basic authorization
   * @throws IllegalArgumentException if it is no http or https URL, or has a query or a fragment
   */
  public static HubSchemas at(URI hub) {
    return new HubSchemas(BaseUrl.of(hub.toString()), null, Duration.ofSeconds(10), null);
  }

  /**
   * The same with the hub's API key.
   *
   * @throws IllegalArgumentException if it is not all printable ASCII; without the key
   */
  public HubSchemas withApiKey(String key) {
    Ranges.printable("the API key", key); // or the JDK's client would repeat it
    return new HubSchemas(hub, key, timeout, sslContext);
  }

  /** The same with another time to wait for each answer. */
  public HubSchemas withTimeout(Duration limit) {
    return new HubSchemas(hub, apiKey, limit, sslContext);
  }

  /** The same with what decides whom to trust; the JVM's default otherwise. */
  public HubSchemas withSslContext(SSLContext trust) {
    return new HubSchemas(hub, apiKey, timeout, trust);
  }

  /**
   * Registers every version of every type that the hub has and a registry has not.
   *
   * @param registry takes them
   * @return how many were new
   * @throws EventException if the hub cannot be reached, refuses, or answers something else
   * @throws SchemaException if what the hub has is no schema
   */
  public int loadInto(SchemaRegistry registry) {
    HttpClient client = client();
    int loaded = 0;
    for (JsonNode type : json(get(client, hub.resolve(SCHEMAS))).path("schemas")) {
      String name = type.path("type").asText();
      for (JsonNode version : type.path("versions")) {
        if (registry.schema(name, version.asInt()).isEmpty()) {
          registry.register(name, version.asInt(), get(client, at(name, version.asInt())));
          loaded++;
        }
      }
    }
    return loaded;
  }

  /**
   * Gives a schema to the hub, for all its clients. Doing so again does nothing.
   *
   * @param type the event type
   * @param version 1 or higher
   * @param schema the text of a JSON Schema
   * @throws EventException if the hub cannot be reached or refuses: the message says why
   */
  public void put(String type, int version, String schema) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(type, version))
            .header("Content-Type", "application/schema+json")
            .PUT(BodyPublishers.ofString(schema));
    send(client(), request);
  }

  private URI at(String type, int version) {
    String segment = URLEncoder.encode(type, StandardCharsets.UTF_8).replace("+", "%20");
    return hub.resolve(SCHEMAS + "/" + segment + "?version=" + version);
  }

  private HttpClient client() {
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(timeout);
    return (sslContext == null ? client : client.sslContext(sslContext)).build();
  }

  private String get(HttpClient client, URI uri) {
    return send(client, HttpRequest.newBuilder(uri));
  }

  private String send(HttpClient client, HttpRequest.Builder request) {
    String authorization = hub.authorization();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (apiKey != null) {
      request.header("X-Api-Key", apiKey);
    }
    CompletableFuture<Answer> answer = HttpAnswers.send(client, request.build(), MAX_ANSWER);
    try {
      return content(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new EventTimeoutException(where() + " did not answer within " + timeout, true, e);
    } catch (ExecutionException e) {
      String reason = HttpAnswers.reasonOf(Objects.requireNonNullElse(e.getCause(), e));
      throw new EventConnectionException(where() + " cannot be read: " + reason, true, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new EventTimeoutException("interrupted while waiting for " + where(), true, e);
    }
  }

  private String content(Answer answer) {
    if (!answer.isSuccess()) {
      boolean retryable = answer.status() >= 500 || answer.status() == 429;
      throw new EventRejectedException(
          where() + " answered " + answer.status() + ": " + answer.text(), retryable, null);
    }
    if (answer.cut()) {
      throw new EventConnectionException(
          where() + " cannot be read: the answer is larger than " + MAX_ANSWER + " bytes",
          true,
          null);
    }
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private JsonNode json(String text) {
    try {
      return DataJson.CHECKING.readTree(text);
    } catch (IOException e) {
      throw new EventRejectedException(where() + " answered what is not JSON", false, null);
    }
  }

  /** The address for messages, without credentials. */
  private String where() {
    return hub + SCHEMAS;
  }
}
