package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.dataservices.ScriptedServer.Reply;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class CloudEventSinkTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private ScriptedServer server;
  private EventClient client;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.answering(Reply.of(200, "{\"id\":\"e\"}"));
    client = EventClient.of(server.url());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static CloudEventBuilder event(String data) {
    return CloudEventBuilder.v1()
        .withId("e")
        .withSource(URI.create("/lab"))
        .withType("sample.processed")
        .withTime(OffsetDateTime.parse("2026-11-01T00:00:00.123456789Z"))
        .withData("application/json", data.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesAnEventAsTheHubReadsIt() {
    CloudEvent event =
        event("{ \"exact\": 1.10, \"big\": 123456789012345678901234567890 }")
            .withSubject("s")
            .withDataSchema(URI.create("http://schema"))
            .withExtension("tags", "[\"a\",\"b\"]")
            .withExtension("sourcetraceids", "[\"x\"]")
            .withExtension("organizationid", "org")
            .withExtension("userid", "user")
            .withExtension("priority", 3)
            .withExtension("urgent", true)
            .withExtension("share", 0.5)
            .withExtension("sequence", 5_000_000_000L)
            .withExtension("traceparent", TRACE)
            .build();
    client.sendAndAwait(event, Duration.ofSeconds(5));
    assertThat(server.only().header("traceparent")).isEqualTo(TRACE);
    assertThat(server.only().body())
        .startsWith(
            "{'topic':'sample.processed','subjects':['s'],'data':{ 'exact': 1.10, 'big': 123456789012345678901234567890 },'tags':['a','b'],'created_date_utc':'2026-11-01T00:00:00.123456789Z','source_trace_ids':['x'],'organization_id':'org','user_id':'user','id':'e','source':'/lab','attributes':{"
                .replace('\'', '"'))
        .contains("\"priority\":3", "\"urgent\":true", "\"dataschema\":\"http://schema\"")
        .contains("\"share\":\"0.5\"", "\"sequence\":\"5000000000\"")
        .doesNotContain(TRACE);
  }

  @Test
  void comesBackAsItWent() throws Exception {
    for (CloudEvent event :
        List.of(
            event("{\"n\":1}").build(),
            event("{\"n\":1}").withSubject("s").withExtension("traceparent", "odd").build(),
            event("{}").withExtension("subjects", "[]").build(),
            event("{}").withSubject("a").withExtension("subjects", "[\"a\",\"b\"]").build(),
            event("{}").withExtension("tags", "no list").withExtension("x", false).build(),
            event("{}").withDataSchema(URI.create("urn:x")).withExtension("userid", "u").build())) {
      client.sendAndAwait(event, Duration.ofSeconds(5));
      String body = server.requests().get(server.requests().size() - 1).body();
      ObjectNode json = (ObjectNode) Json.MAPPER.readTree(body);
      CloudEvent back = StoredEvent.of(json).toCloudEvent();
      CloudEvent expected =
          event.getSubject() == null
              ? CloudEventBuilder.from(event).withExtension("subjects", "[]").build()
              : event;
      assertThat(back.getExtensionNames()).isEqualTo(expected.getExtensionNames());
      assertThat(back.getAttributeNames()).isEqualTo(expected.getAttributeNames());
      for (String name : expected.getExtensionNames()) {
        assertThat(back.getExtension(name)).isEqualTo(expected.getExtension(name));
      }
      for (String name : expected.getAttributeNames()) {
        assertThat(back.getAttribute(name)).isEqualTo(expected.getAttribute(name));
      }
      assertThat(back.getData().toBytes()).isEqualTo(event.getData().toBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({"'[1,2]','\"[1,2]\"'", "'\"a\"','\"\\\"a\\\"\"'", "7,'\"7\"'", "null,'\"null\"'"})
  void sendsOtherJsonAsAStringThatHoldsIt(String data, String expected) {
    client.sendAndAwait(event(data).build(), Duration.ofSeconds(5));
    assertThat(server.only().body()).contains("\"data\":" + expected + ",");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain,{}",
    "application/json,{",
    "application/json,''",
    "application/json,{} {}",
    "application/json,'{\"a\":\"\\u0000\"}'",
    "application/json,'[\"\\u0000\"]'"
  })
  void refusesDataThatIsNotJson(String contentType, String data) {
    CloudEvent event =
        event("{}").withData(contentType, data.getBytes(StandardCharsets.UTF_8)).build();
    var failure = client.send(event).handle((receipt, error) -> EventException.of(error)).join();
    assertThat(failure).isInstanceOf(EventValidationException.class);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void sendsAnEventWithoutDataAsAnEmptyObject() {
    client.sendAndAwait(event("{}").withoutData().build(), Duration.ofSeconds(5));
    assertThat(server.only().body()).contains("\"data\":{}");
  }

  @Test
  void claimsStorageOnlyIfTheServerDoes() {
    CloudEvent event = event("{}").build();
    assertThat(client.sendAndAwait(event, Duration.ofSeconds(5)).guarantee())
        .isEqualTo(Guarantee.ACKNOWLEDGED);
    server.script(request -> Reply.of(200, "{}").with("Carillon-Durable", "true"));
    var receipt = client.sendAndAwait(event, Duration.ofSeconds(5));
    assertThat(receipt.guarantee()).isEqualTo(Guarantee.STORED);
    assertThat(receipt.eventId()).isEqualTo("e");
    assertThat(client.capabilities().guarantee()).isEqualTo(Guarantee.STORED);
    assertThat(client.capabilities().maxEventBytes()).isEqualTo(1 << 20);
  }

  @Test
  void passesTraceContextOnInBatches() {
    server.script(request -> Reply.of(200, "[{\"id\":\"e\"},{\"id\":\"e\"}]"));
    CloudEvent traced = event("{}").withExtension("traceparent", TRACE).build();
    CloudEvent invalid = event("nonsense").build();
    List<Outcome> outcomes = client.sendAll(List.of(traced, invalid, traced)).join();
    assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(true, false, true);
    assertThat(server.only().path()).endsWith("/batch");
    assertThat(server.only().body()).contains("\"attributes\":{\"traceparent\":\"" + TRACE + "\"}");
  }
}
