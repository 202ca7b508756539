package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.carillon.hub.eventgrid.EventGridSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Strangers' bearer tokens while the issuer that is to know them does not answer. */
@Timeout(60)
class SlowIssuerTest {

  private static final String TOPIC = "/t/api/events";
  private static final String KEY = "c2VjcmV0LWtleQ==";
  private static final byte[] EVENTS =
      "[{\"id\":\"a\",\"subject\":\"s\",\"eventType\":\"t\"}]".getBytes(StandardCharsets.UTF_8);

  @TempDir Path data;
  private final CountDownLatch asked = new CountDownLatch(1);

  /** Each request has a connection of its own. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpServer issuer;
  private RunningHub hub;

  @BeforeEach
  void start() throws Exception {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext("/", exchange -> asked.countDown());
    issuer.start();
    String keys = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/";
    EventGridSettings settings =
        EventGridSettings.ofDefaults()
            .withBearer(new EventGridSettings.Bearer("issuer", keys, "us", null));
    hub = RunningHub.with(HubConfig.ofDefaults(data).withApiKey(KEY).withEventGrid(settings));
  }

  @AfterEach
  void stop() {
    hub.close();
    issuer.stop(0);
  }

  private List<CompletableFuture<HttpResponse<String>>> strangers(int count) {
    String token =
        "Bearer " + base64("{\"alg\":\"ES256\",\"kid\":\"x\"}") + "." + base64("{}") + ".AAAA";
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(hub.at(TOPIC));
      request.headers("Content-Type", "application/json", "Authorization", token);
      request.POST(BodyPublishers.ofByteArray(EVENTS));
      answers.add(client.sendAsync(request.build(), BodyHandlers.ofString()));
    }
    return answers;
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void holdUpNobodyElse() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> strangers = strangers(8);
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    HttpResponse<String> other =
        hub.post(
            TOPIC,
            RunningHub.gzip(EVENTS),
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip",
            "aeg-sas-key",
            KEY);
    assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
    assertThat(strangers).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void areRefusedWhenTheyAreTooMany() throws Exception {
    int room = 128 * Runtime.getRuntime().availableProcessors();
    Object refused =
        CompletableFuture.anyOf(strangers(room + 1).toArray(CompletableFuture[]::new)).get();
    assertThat(refused)
        .isInstanceOfSatisfying(
            HttpResponse.class,
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(503);
              assertThat(answer.headers().firstValue("Retry-After")).contains("1");
              assertThat(answer.body()).asString().contains("too many bearer tokens");
            });
  }
}
