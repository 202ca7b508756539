package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventException;
import dev.carillon.core.Guarantee;
import dev.carillon.dataservices.ScriptedServer.Reply;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PublishingTest {

  private ScriptedServer server;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.confirming();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Map<String, @Nullable Object> ordered(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return map;
  }

  static EventMessage sampleProcessed() {
    return EventMessage.builder()
        .topic("sample.processed")
        .subjects("sample-123")
        .data(
            ordered("operator", "lab_tech_1", "processing_time", "00:45:30", "status", "completed"))
        .tags("laboratory", "processing")
        .createdDateUtc(Instant.parse("2023-10-15T14:30:00Z"))
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void writesTheSeedsFirstExampleInEachNaming(FieldNaming naming) {
    try (var client = EventClient.builder().url(server.url()).naming(naming).build()) {
      client.publishEvent(sampleProcessed());
    }
    String expected =
        switch (naming) {
          case SNAKE_CASE ->
              "{'topic':'sample.processed','subjects':['sample-123'],'data':{'operator':'lab_tech_1','processing_time':'00:45:30','status':'completed'},'tags':['laboratory','processing'],'created_date_utc':'2023-10-15T14:30:00Z'}";
          case CAMEL_CASE ->
              "{'topic':'sample.processed','subjects':['sample-123'],'data':{'operator':'lab_tech_1','processing_time':'00:45:30','status':'completed'},'tags':['laboratory','processing'],'createdDateUtc':'2023-10-15T14:30:00Z'}";
          case PASCAL_CASE ->
              "{'Topic':'sample.processed','Subjects':['sample-123'],'Data':{'operator':'lab_tech_1','processing_time':'00:45:30','status':'completed'},'Tags':['laboratory','processing'],'CreatedDateUtc':'2023-10-15T14:30:00Z'}";
        };
    assertThat(server.only().body()).isEqualTo(expected.replace('\'', '"'));
    assertThat(server.only().method()).isEqualTo("POST");
    assertThat(server.only().path()).isEqualTo("/api/v2.0/EventService");
    assertThat(server.only().header("Content-Type")).isEqualTo("application/json");
    assertThat(server.only().header("Accept")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @EnumSource
  void writesEveryFieldInEachNaming(FieldNaming naming) {
    EventMessage event =
        EventMessage.builder()
            .topic("batch.processing.started")
            .subjects("batch_123", "ü\"\\")
            .sourceTraceIds("batch_123")
            .data(ordered("sample_count", 24, "notes", null, "passed", true, "score", 98.5))
            .createdDateUtc(Instant.parse("2026-11-01T00:00:00.123456789Z"))
            .organizationId("org")
            .userId("user")
            .id("id-1")
            .source("/lab")
            .attributes(Map.of("priority", 3))
            .build();
    try (var client = EventClient.builder().url(server.url()).naming(naming).build()) {
      client.publishEvent(event);
    }
    String data = "{'sample_count':24,'notes':null,'passed':true,'score':98.5}";
    String time = "'2026-11-01T00:00:00.123456789Z'";
    String expected =
        switch (naming) {
          case SNAKE_CASE ->
              "{'topic':'batch.processing.started','subjects':['batch_123','ü\\'\\\\'],'data':%s,'created_date_utc':%s,'source_trace_ids':['batch_123'],'organization_id':'org','user_id':'user','id':'id-1','source':'/lab','attributes':{'priority':3}}";
          case CAMEL_CASE ->
              "{'topic':'batch.processing.started','subjects':['batch_123','ü\\'\\\\'],'data':%s,'createdDateUtc':%s,'sourceTraceIds':['batch_123'],'organizationId':'org','userId':'user','id':'id-1','source':'/lab','attributes':{'priority':3}}";
          case PASCAL_CASE ->
              "{'Topic':'batch.processing.started','Subjects':['batch_123','ü\\'\\\\'],'Data':%s,'CreatedDateUtc':%s,'SourceTraceIds':['batch_123'],'OrganizationId':'org','UserId':'user','Id':'id-1','Source':'/lab','Attributes':{'priority':3}}";
        };
    assertThat(server.only().body()).isEqualTo(expected.formatted(data, time).replace('\'', '"'));
  }

  @Test
  void fillsInTheTimeOfPublishing() {
    var clock =
        java.time.Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), java.time.ZoneOffset.UTC);
    EventMessage event = EventMessage.builder().topic("t").subjects().data(Map.of()).build();
    try (var client = EventClient.builder().url(server.url()).clock(clock).build()) {
      client.publishEvent(event);
    }
    assertThat(server.only().body())
        .isEqualTo(
            "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"created_date_utc\":\"2026-11-01T12:00:00Z\"}");
  }

  @Test
  void returnsTheConfirmation() throws Exception {
    server.script(
        request ->
            Reply.of(
                    200,
                    "{\"Id\":\"42\",\"created_date_utc\":\"2026-11-01T00:00:00\",\"extra\":[1]}")
                .with("Carillon-Durable", "true"));
    try (var client = EventClient.of(server.url())) {
      PublishConfirmation confirmed =
          client.publishAsync(sampleProcessed()).get(5, TimeUnit.SECONDS);
      assertThat(confirmed.id()).isEqualTo("42");
      assertThat(confirmed.createdDateUtc()).isEqualTo("2026-11-01T00:00:00Z");
      assertThat(confirmed.guarantee()).isEqualTo(Guarantee.STORED);
      assertThat(confirmed.fields()).containsEntry("extra", List.of(1)).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OK", "\"3fa85f64\"", "[1,2", "null", "{\"id\":", "<html/>", "17"})
  void takesASuccessWithAnyBodyAsAcknowledged(String body) {
    server.script(request -> Reply.of(body.isEmpty() ? 204 : 202, body));
    try (var client = EventClient.of(server.url())) {
      PublishConfirmation confirmed = client.publishEvent(sampleProcessed());
      assertThat(confirmed.id()).isNull();
      assertThat(confirmed.body()).isEqualTo(body);
      assertThat(confirmed.fields()).isEmpty();
      assertThat(confirmed.guarantee()).isEqualTo(Guarantee.ACKNOWLEDGED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/lab/one", "/lab/one/"})
  void appendsToBaseUrlsOfEveryForm(String suffix) {
    try (var client = EventClient.of(server.url() + suffix)) {
      client.publishEvent(sampleProcessed());
    }
    String prefix = suffix.startsWith("/lab") ? "/lab/one" : "";
    assertThat(server.only().path()).isEqualTo(prefix + "/api/v2.0/EventService");
  }

  @Test
  void asksTheProviderLazilyAndAtEachRequest() {
    AtomicInteger asked = new AtomicInteger();
    try (var client = EventClient.of(() -> server.url() + "/" + asked.incrementAndGet())) {
      assertThat(asked).hasValue(0);
      client.publishEvent(sampleProcessed());
      client.publishEvent(sampleProcessed());
    }
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::path)
        .containsExactly("/1/api/v2.0/EventService", "/2/api/v2.0/EventService");
  }

  @Test
  void sendsKeyHeadersCredentialsAndTraceContext() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    String url = server.url().replace("http://", "http://lab:p%40ss@");
    try (var client =
        EventClient.builder()
            .url(url)
            .apiKey("secret")
            .header("X-Site", "west")
            .traceparent(() -> trace)
            .build()) {
      client.publishEvent(sampleProcessed());
      assertThat(client.toString()).doesNotContain("p@ss", "p%40ss").contains("***@");
    }
    assertThat(server.only().header("X-Api-Key")).isEqualTo("secret");
    assertThat(server.only().header("X-Site")).isEqualTo("west");
    assertThat(server.only().header("traceparent")).isEqualTo(trace);
    assertThat(server.only().header("Authorization")).isEqualTo("Basic bGFiOnBAc3M=");
  }

  @Test
  void itsOwnHeadersComeBeforeThoseOfTheHttpClientInAnyCase() {
    for (String name : List.of("x-api-key", "X-API-KEY", "x-Api-Key", "X-api-key")) {
      var own =
          new ConfiguredHttpClient(
              HttpClient.newHttpClient(), server::url, Map.of(name, "old", "X-Site", "west"));
      try (var client = EventClient.builder().httpClient(own).apiKey("new").build()) {
        client.publishEvent(sampleProcessed());
      }
      try (var client =
          EventClient.builder().url(server.url()).apiKey("old").header(name, "new").build()) {
        client.publishEvent(sampleProcessed());
      }
    }
    assertThat(server.requests())
        .hasSize(8)
        .allMatch(request -> List.of("new").equals(request.headers().get("X-Api-Key")));
  }

  @Test
  void asksForHeadersThatChangeAtEachRequest() {
    Iterator<String> tokens = List.of("a", "b", "sec\nret").iterator();
    try (var client =
        EventClient.builder().url(server.url()).header("Authorization", tokens::next).build()) {
      client.publishEvent(sampleProcessed());
      client.publishEvent(sampleProcessed());
      for (String why : List.of("header Authorization cannot be sent", "NoSuchElement")) {
        assertThatThrownBy(() -> client.publishEvent(sampleProcessed()))
            .hasMessageContaining(why)
            .isInstanceOfSatisfying(
                EventException.class, failure -> assertThat(failure.mayHaveArrived()).isFalse());
      }
    }
    assertThat(server.requests())
        .extracting(request -> request.header("Authorization"))
        .containsExactly("a", "b");
  }

  @Test
  void sendsNoKeyWhereThereIsNone() {
    try (var client = EventClient.builder().url(server.url()).apiKey("x").apiKey(null).build()) {
      client.publishEvent(sampleProcessed());
    }
    assertThat(server.only().header("X-Api-Key")).isNull();
  }

  @Test
  void takesTimeoutsOfAnyLength() {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    try (var client =
        EventClient.builder()
            .url(server.url())
            .requestTimeout(forever)
            .connectTimeout(forever)
            .pendingTimeout(forever)
            .closeTimeout(forever)
            .build()) {
      client.publishEvent(sampleProcessed());
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void sendsNoMalformedTraceContext() {
    try (var client =
        EventClient.builder().url(server.url()).traceparent(() -> "x\r\nEvil: 1").build()) {
      client.publishEvent(sampleProcessed());
    }
    assertThat(server.only().header("traceparent")).isNull();
  }

  @Test
  void publishesThroughTheCallersOwnHttpClient() {
    ConfiguredHttpClient own = HttpClientHelper.configureHttpClient(server.url());
    try (var client = EventClient.of(own)) {
      client.publishEvent(sampleProcessed());
    }
    try (var client = EventClient.of(own)) {
      client.publishEvent(sampleProcessed());
    }
    var provided = HttpClientHelper.configureHttpClientWithProvider(server::url);
    try (var client = EventClient.of(provided)) {
      client.publishEvent(sampleProcessed());
    }
    assertThat(server.requests()).hasSize(3);
    assertThat(own.headers()).containsEntry("Accept", "application/json");
  }

  @Test
  void reusesItsConnection() {
    try (var client = EventClient.of(server.url())) {
      for (int i = 0; i < 50; i++) {
        client.publishEvent(sampleProcessed());
      }
    }
    assertThat(server.requests().stream().map(ScriptedServer.Request::connection).distinct())
        .hasSize(1);
  }

  @Test
  void wantsExactlyOneAddress() {
    assertThatThrownBy(() -> EventClient.builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exactly one of url, urlProvider and httpClient");
    assertThatThrownBy(
            () -> EventClient.builder().url("http://a").urlProvider(() -> "http://b").build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "ftp://u:topsecret@h",
        "http://u:topsecret@h/ x",
        "u:topsecret@h",
        "http://h?q=1",
        "http://u:topsecret@",
        "//u:topsecret@h",
        "http://u:top/secret@h:x y"
      })
  void refusesWhatIsNoUrlWithoutPrintingCredentials(String url) {
    assertThatThrownBy(() -> EventClient.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.toString()).doesNotContain("topsecret", "secret@"));
  }

  @Test
  void refusesHeadersThatCannotBeSentWithoutPrintingThem() {
    assertThatThrownBy(() -> EventClient.builder().url(server.url()).header("X", "a\nb").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header X cannot be sent");
    assertThatThrownBy(
            () -> EventClient.builder().url("http://h").requestTimeout(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void removesNullValuesOnTheTopLevel() {
    Map<String, @Nullable Object> nested = ordered("kept", null);
    assertThat(EventClient.removeNullValues(ordered("name", "sample", "value", null, "in", nested)))
        .isEqualTo(ordered("name", "sample", "in", nested));
  }
}
