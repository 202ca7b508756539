package dev.carillon.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.credential.AzureSasCredential;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.models.CloudEvent;
import com.azure.core.models.CloudEventDataFormat;
import com.azure.core.util.BinaryData;
import com.azure.messaging.eventgrid.EventGridEvent;
import com.azure.messaging.eventgrid.EventGridPublisherClientBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.HubProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Azure's own SDK publishes to the hub, unchanged. */
@Timeout(120)
final class AzureSdkTest {

  @TempDir private Path folder;
  private Issuer issuer;
  private HubProcess hub;

  @BeforeEach
  void start() throws Exception {
    issuer = new Issuer();
    hub =
        HubProcess.start(
            folder.resolve("data"),
            "--api-key",
            Azure.KEY,
            "--eventgrid-issuer",
            Issuer.NAME,
            "--eventgrid-jwks",
            issuer.keysUrl());
  }

  @AfterEach
  void stop() {
    hub.close();
    issuer.close();
  }

  private EventGridPublisherClientBuilder overTls() throws Exception {
    return new EventGridPublisherClientBuilder()
        .endpoint(Azure.https(hub, "orders"))
        .httpClient(Azure.httpClient(HubProcess.trusting(folder.resolve("data"))));
  }

  private static EventGridEvent event(String id) {
    return new EventGridEvent(
            "orders/7", "order.completed", BinaryData.fromObject(Map.of("total", 99.99)), "1.0")
        .setId(id);
  }

  private static CloudEvent cloudEvent(String id) {
    return new CloudEvent(
            "/shop",
            "order.completed",
            BinaryData.fromObject(Map.of("total", 99.99)),
            CloudEventDataFormat.JSON,
            "application/json")
        .setId(id)
        .setSubject("orders/7");
  }

  @Test
  void publishesWithAKeyOverHttpsInBothSchemas() throws Exception {
    overTls()
        .credential(new AzureKeyCredential(Azure.KEY))
        .buildEventGridEventPublisherClient()
        .sendEvents(List.of(event("a"), event("b")));
    overTls()
        .credential(new AzureKeyCredential(Azure.KEY))
        .buildCloudEventPublisherClient()
        .sendEvents(List.of(cloudEvent("c"), cloudEvent("d")));

    List<JsonNode> stored = Stored.in(hub);
    assertThat(stored)
        .extracting(event -> event.get("id").asText())
        .containsExactly("a", "b", "c", "d");
    for (JsonNode event : stored) {
      assertThat(event.get("type").asText()).isEqualTo("order.completed");
      assertThat(event.get("subject").asText()).isEqualTo("orders/7");
      assertThat(event.get("data").toString()).isEqualTo("{\"total\":99.99}");
    }
  }

  @Test
  void publishesWithASignatureOverHttpInBothSchemas() {
    String endpoint = Azure.http(hub, "orders");
    EventGridPublisherClientBuilder builder =
        new EventGridPublisherClientBuilder()
            .endpoint(endpoint)
            .credential(new AzureSasCredential(Azure.sas(endpoint, 600)));
    builder.buildEventGridEventPublisherClient().sendEvent(event("a"));
    builder.buildCloudEventPublisherClient().sendEvent(cloudEvent("b"));
    assertThat(Stored.ids(hub)).containsExactly("a", "b");
  }

  @Test
  void publishesWithTokensThatTheIssuerSignedForThisAudience() throws Exception {
    overTls().credential(issuer).buildEventGridEventPublisherClient().sendEvent(event("a"));
    assertThat(Stored.ids(hub)).containsExactly("a");
    issuer.audience("https://elsewhere.example");
    assertRefused(
        401,
        () -> {
          overTls().credential(issuer).buildEventGridEventPublisherClient().sendEvent(event("b"));
        });
  }

  @Test
  void renewsATokenThatExpiresMidRun() throws Exception {
    issuer.life(Duration.ofSeconds(2));
    var publisher = overTls().credential(issuer).buildEventGridEventPublisherClient();
    publisher.sendEvent(event("first"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              publisher.sendEvent(event("later"));
              return issuer.issued() > 1;
            });
    assertThat(Stored.ids(hub)).containsExactly("first", "later");
  }

  @Test
  void isToldWhatIsWrongAsAzureTellsIt() throws Exception {
    String endpoint = Azure.http(hub, "orders");
    assertRefused(
        401,
        () ->
            overTls()
                .credential(new AzureKeyCredential("wrong"))
                .buildEventGridEventPublisherClient()
                .sendEvent(event("a")));
    String good = Azure.sas(endpoint, 600);
    for (String bad : List.of(good.replace("%2F", "%2f"), Azure.sas(endpoint, -600))) {
      assertRefused(
          401,
          () ->
              new EventGridPublisherClientBuilder()
                  .endpoint(endpoint)
                  .credential(new AzureSasCredential(bad))
                  .buildEventGridEventPublisherClient()
                  .sendEvent(event("a")));
    }
    assertThat(Stored.in(hub)).isEmpty();
  }

  private static void assertRefused(int status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HttpResponseException.class,
            refused -> {
              assertThat(refused.getResponse().getStatusCode()).isEqualTo(status);
              assertThat(refused.getMessage()).contains("\"Unauthorized\"");
            });
  }
}
