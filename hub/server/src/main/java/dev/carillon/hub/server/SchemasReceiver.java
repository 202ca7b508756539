package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.schemas.SchemaRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schemas that all clients share: which there are, one of them, and taking another. */
final class SchemasReceiver implements Receiver {

  private static final Logger log = LoggerFactory.getLogger(SchemasReceiver.class);
  private static final String PATH = "/api/schemas";
  private static final String SCHEMA = "application/schema+json";

  private final SchemaStore schemas;
  private final Bodies bodies;
  private final LargeAnswers answers;

  SchemasReceiver(SchemaStore schemas, Bodies bodies, LargeAnswers answers) {
    this.schemas = schemas;
    this.bodies = bodies;
    this.answers = answers;
  }

  @Override
  public void routes(Router router) {
    router.get(PATH).handler(this::list);
    router.get(PATH + "/:type").handler(this::get);
    router.put(PATH + "/:type").handler(this::put);
  }

  private void list(RoutingContext context) {
    SchemaRegistry registry = schemas.registry();
    answers.json(
        context,
        Json.buffer(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("schemas");
              for (String type : registry.types()) {
                writeType(json, type, registry);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private static void writeType(JsonGenerator json, String type, SchemaRegistry registry)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", type);
    json.writeArrayFieldStart("versions");
    for (int version : registry.versions(type)) {
      json.writeNumber(version);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void get(RoutingContext context) {
    String type = context.pathParam("type");
    SchemaRegistry registry = schemas.registry();
    int latest = registry.latestVersion(type).orElse(0);
    int version = version(context, latest);
    String schema =
        registry
            .schema(type, version)
            .orElseThrow(() -> new BadRequestException(Problem.of(404, "there is no such schema")));
    context.response().putHeader("Carillon-Schema-Version", Integer.toString(version));
    answers.end(context, SCHEMA, Buffer.buffer(schema));
  }

  private void put(RoutingContext context) {
    int version = version(context, 0);
    if (version == 0) {
      throw new BadRequestException(Problem.invalid("version", "is required"));
    }
    if (ContentTypes.requireJson(context)) {
      String type = context.pathParam("type");
      bodies.read(context, SchemaStore.MAX_BYTES, body -> keep(context, type, version, body));
    }
  }

  /** Compiling and writing take their time, so a worker does both. */
  private void keep(RoutingContext context, String type, int version, byte[] body) {
    answers.requireRoom();
    context
        .vertx()
        .executeBlocking(() -> schemas.put(type, version, body), false)
        .onSuccess(
            isNew -> {
              context.response().setStatusCode(isNew ? 201 : 200);
              answers.confirm(context, SCHEMA, Buffer.buffer(body));
            })
        .onFailure(e -> failed(e).answer(context));
  }

  private static Problem failed(Throwable thrown) {
    if (thrown instanceof IOException) {
      log.warn("a schema could not be kept: {}", thrown.toString());
      return Problem.busy(5, "the schema cannot be written to disk");
    }
    return Problem.of(thrown);
  }

  private static int version(RoutingContext context, int ifAbsent) {
    Parameters parameters = Parameters.of(context);
    int version = parameters.number("version", ifAbsent, 1, SchemaStore.MAX_VERSION);
    parameters.checkAll();
    return version;
  }
}
