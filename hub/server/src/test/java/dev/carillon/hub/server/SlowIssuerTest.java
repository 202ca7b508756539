package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers' bearer tokens while the issuer that is to know them does not answer. */
@Timeout(60)
class SlowIssuerTest extends HubTest {

  private static final String TOPIC = "/t/api/events";
  private static final String KEY = "c2VjcmV0LWtleQ==";
  private static final byte[] EVENTS =
      "[{\"id\":\"a\",\"subject\":\"s\",\"eventType\":\"t\"}]".getBytes(StandardCharsets.UTF_8);

  private final CountDownLatch asked = new CountDownLatch(1);

  /** Each request has a connection of its own. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final HttpServer issuer;

  SlowIssuerTest() throws IOException {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext("/", exchange -> asked.countDown());
    issuer.start();
  }

  @Override
  List<String> flags() {
    String keys = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/";
    return List.of("--api-key=" + KEY, "--eventgrid-issuer=issuer", "--eventgrid-jwks=" + keys);
  }

  @AfterEach
  void stop() {
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
