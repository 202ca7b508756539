package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.schemas.HubSchemas;
import dev.carillon.schemas.SchemaException;
import dev.carillon.schemas.SchemaRegistry;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SchemasTest {

  private static final String SCHEMAS = "/api/schemas";
  private static final String ORDER = "{\"type\":\"object\",\"required\":[\"id\"]}";

  @TempDir Path folder;

  @Test
  void listsAndServesWhatComesWithIt() throws Exception {
    try (RunningHub hub = RunningHub.on(folder)) {
      var listed = hub.json(hub.get(SCHEMAS)).path("schemas");
      assertThat(listed).hasSize(14);
      assertThat(listed.get(0).toString())
          .isEqualTo("{\"type\":\"booking.cancelled\",\"versions\":[1]}");
      HttpResponse<String> schema = hub.get(SCHEMAS + "/workout.created");
      assertThat(schema.statusCode()).isEqualTo(200);
      assertThat(schema.headers().firstValue("Content-Type")).hasValue("application/schema+json");
      assertThat(schema.headers().firstValue("Carillon-Schema-Version")).hasValue("1");
      assertThat(hub.json(schema).path("required").get(0).asText()).isEqualTo("workout_id");
      assertThat(hub.get(SCHEMAS + "/workout.created?version=2").statusCode()).isEqualTo(404);
      assertThat(hub.get(SCHEMAS + "/unknown").statusCode()).isEqualTo(404);
      assertThat(hub.get(SCHEMAS + "/workout.created?version=x").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void keepsWhatItIsGivenOverARestart() throws Exception {
    try (RunningHub hub = RunningHub.on(folder)) {
      HttpResponse<String> first = hub.put(SCHEMAS + "/order.placed?version=1", ORDER);
      assertThat(first.statusCode()).isEqualTo(201);
      assertThat(hub.put(SCHEMAS + "/order.placed?version=1", ORDER).statusCode()).isEqualTo(200);
      assertThat(hub.put(SCHEMAS + "/order.placed?version=1", "{}").statusCode()).isEqualTo(409);
      assertThat(hub.put(SCHEMAS + "/order.placed?version=3", "{}").statusCode()).isEqualTo(201);
      assertThat(hub.put(SCHEMAS + "/workout.created?version=1", "{}").statusCode()).isEqualTo(409);
      assertThat(hub.put(SCHEMAS + "/workout.created?version=2", "{}").statusCode()).isEqualTo(201);
    }
    Files.writeString(folder.resolve("schemas/broken.v1.json"), "{");
    Files.writeString(folder.resolve("schemas/unfinished"), "{");
    Files.writeString(folder.resolve("schemas/other.json"), "{}");
    try (RunningHub hub = RunningHub.on(folder)) {
      assertThat(hub.get(SCHEMAS + "/order.placed").body()).isEqualTo("{}");
      assertThat(hub.get(SCHEMAS + "/order.placed?version=1").body()).isEqualTo(ORDER);
      assertThat(hub.get(SCHEMAS + "/workout.created").body()).isEqualTo("{}");
      assertThat(hub.get(SCHEMAS + "/broken").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void takesOnlyUtf8AndKeepsItsBytes() throws Exception {
    String umlaut = "{\"title\":\"Größe\"}";
    try (RunningHub hub = RunningHub.on(folder)) {
      HttpResponse<String> latin1 =
          hub.put(SCHEMAS + "/order?version=1", umlaut.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(latin1.statusCode()).isEqualTo(400);
      assertThat(latin1.body()).contains("the schema is not UTF-8");
      assertThat(hub.put(SCHEMAS + "/order?version=1", umlaut).statusCode()).isEqualTo(201);
    }
    try (RunningHub hub = RunningHub.on(folder)) {
      assertThat(hub.get(SCHEMAS + "/order").body()).isEqualTo(umlaut);
    }
    assertThat(folder.resolve("schemas/order.v1.json"))
        .hasBinaryContent(umlaut.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void refusesWhatIsNoSchemaAndSaysWhere() throws Exception {
    try (RunningHub hub = RunningHub.on(folder)) {
      HttpResponse<String> wrong =
          hub.put(SCHEMAS + "/a?version=1", "{\n\"type\":\"object\",\n\"required\":\"id\"}");
      assertThat(wrong.statusCode()).isEqualTo(400);
      assertThat(hub.json(wrong).path("detail").asText()).contains("line 3", "/required");
      for (String schema :
          List.of("", "[]", "{\"$ref\":\"http://127.0.0.1:1/x\"}", "{\"type\":1}")) {
        assertThat(hub.put(SCHEMAS + "/a?version=1", schema).statusCode())
            .as(schema)
            .isEqualTo(400);
      }
      String large = "{\"description\":\"" + "x".repeat(SchemaStore.MAX_BYTES) + "\"}";
      assertThat(hub.put(SCHEMAS + "/a?version=1", large).statusCode()).isEqualTo(413);
      assertThat(hub.put(SCHEMAS + "/a", "{}").statusCode()).isEqualTo(400);
      assertThat(hub.put(SCHEMAS + "/a?version=0", "{}").statusCode()).isEqualTo(400);
      for (String type : List.of("..%2F..%2Fa", "%2e%2e", ".a", "a%20b", "a%00", "x".repeat(129))) {
        assertThat(hub.put(SCHEMAS + "/" + type + "?version=1", "{}").statusCode())
            .as(type)
            .isBetween(400, 404);
      }
      assertThat(hub.put(SCHEMAS + "/a?version=1", "{}", "Content-Type", "text/plain").statusCode())
          .isEqualTo(415);
      assertThat(hub.get(SCHEMAS + "/a").statusCode()).isEqualTo(404);
    }
    try (var left = Files.list(folder.resolve("schemas"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void takesNoMoreThanItKeeps() throws Exception {
    SchemaStore store = SchemaStore.open(folder);
    byte[] any = "{}".getBytes(StandardCharsets.UTF_8);
    for (int version = 1; version <= SchemaStore.MAX_SCHEMAS; version++) {
      Files.write(folder.resolve("a.v" + version + ".json"), any);
    }
    assertThat(store.put("b", 1, any)).isTrue();
    SchemaStore full = SchemaStore.open(folder);
    assertThatThrownBy(() -> full.put("c", 1, any))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.problem().status()).isEqualTo(507));
    assertThat(full.put("b", 1, any)).isFalse();
  }

  @Test
  void asksForTheKey() throws Exception {
    try (RunningHub hub = RunningHub.on(folder, "--api-key=secret")) {
      assertThat(hub.get(SCHEMAS).statusCode()).isEqualTo(401);
      assertThat(hub.put(SCHEMAS + "/a?version=1", "{}").statusCode()).isEqualTo(401);
      assertThatThrownBy(() -> SchemaRegistry.from(hub.at("/")))
          .isInstanceOf(EventRejectedException.class)
          .hasMessageContaining("401");
      HubSchemas shared = HubSchemas.at(hub.at("/")).withApiKey("secret");
      shared.put("a", 1, "{}");
      SchemaRegistry registry = SchemaRegistry.empty();
      assertThat(shared.loadInto(registry)).isEqualTo(15);
      assertThat(shared.loadInto(registry)).isEqualTo(0);
    }
  }

  @Test
  void sharesSchemasAmongClients() throws Exception {
    try (RunningHub hub = RunningHub.on(folder)) {
      HubSchemas shared = HubSchemas.at(hub.at(""));
      shared.put("order.placed", 1, ORDER);
      SchemaRegistry registry = SchemaRegistry.from(hub.at(""));
      assertThat(registry.types()).hasSize(15);
      assertThat(registry.validate("order.placed", "{}".getBytes(StandardCharsets.UTF_8)))
          .extracting(violation -> violation.field())
          .containsExactly("data.id");
      assertThatThrownBy(() -> shared.put("order.placed", 1, "{}"))
          .isInstanceOf(EventRejectedException.class)
          .hasMessageContaining("409");
      assertThatThrownBy(() -> shared.put("order.placed", 2, "{\"type\":1}"))
          .isInstanceOf(EventRejectedException.class)
          .hasMessageContaining("/type");
      assertThat(registry.versions("order.placed")).containsExactly(1);
    }
    URI gone = URI.create("http://127.0.0.1:1");
    assertThatThrownBy(() -> SchemaRegistry.from(gone))
        .isInstanceOf(EventConnectionException.class)
        .hasMessageContaining("127.0.0.1:1/api/schemas");
  }

  @Test
  void takesOneOfManySchemasForTheSameVersion() throws Exception {
    try (RunningHub hub = RunningHub.on(folder)) {
      List<CompletableFuture<Integer>> puts =
          IntStream.range(0, 16)
              .mapToObj(i -> hub.putAsync(SCHEMAS + "/race?version=1", "{\"minimum\":" + i + "}"))
              .toList();
      assertThat(puts.stream().map(CompletableFuture::join))
          .containsOnlyOnce(201)
          .filteredOn(status -> status == 409)
          .hasSize(15);
    }
  }

  @Test
  void saysWhatAHubAnswersThatHasNoSchema() {
    assertThatThrownBy(() -> HubSchemas.at(URI.create("nonsense")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SchemaRegistry.empty().check("a", 1, "nonsense"))
        .isInstanceOf(SchemaException.class);
  }
}
