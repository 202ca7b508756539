package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.JsonBytes;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.hub.store.OperationsTooLargeException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Conversation analytics: tracking, changing and deleting events. */
final class AnalyticsReceiver implements Receiver {

  private final Bodies bodies;
  private final Ingest<Operation> ingest;
  private final EventNames names;
  private final LargeAnswers answers;

  AnalyticsReceiver(
      Bodies bodies, Ingest<Operation> ingest, EventNames names, LargeAnswers answers) {
    this.bodies = bodies;
    this.ingest = ingest;
    this.names = names;
    this.answers = answers;
  }

  @Override
  public void routes(Router router) {
    router.post("/event").handler(this::create);
    router.post("/event/").handler(this::create);
    router.post("/event/batch").handler(this::batch);
    router.put("/event/:id").handler(this::update);
    router.delete("/event/:id").handler(this::delete);
  }

  private void create(RoutingContext context) {
    read(context, Kind.CREATE, null, "event accepted for processing");
  }

  private void update(RoutingContext context) {
    UUID id = AnalyticsParameters.id(context);
    read(context, Kind.UPDATE, id, "update accepted for processing");
  }

  private void delete(RoutingContext context) {
    Operation delete =
        new Operation(Kind.DELETE, AnalyticsParameters.id(context), now(), EventFields.NONE);
    append(context, delete, "delete accepted for processing");
  }

  private void read(RoutingContext context, Kind kind, @Nullable UUID id, String message) {
    if (ContentTypes.requireJson(context)) {
      bodies.read(
          context,
          Bodies.MAX_EVENT,
          body -> {
            Reading<Operation> reading =
                Reading.one(
                    body, (json, index) -> OperationReader.read(json, kind, id, now(), names));
            Operation operation = reading.entry();
            if (operation == null) {
              throw new BadRequestException(Problem.invalid(reading.violations()));
            }
            append(context, operation, message);
          });
    }
  }

  private void append(RoutingContext context, Operation operation, String message) {
    ingest.append(
        List.of(operation),
        Answers.whenDurable(
            context,
            () -> AnalyticsEnvelope.accept(context, message, json -> writeId(json, operation))));
  }

  private void batch(RoutingContext context) {
    if (ContentTypes.requireJson(context)) {
      Instant now = now();
      bodies.read(
          context,
          Bodies.MAX_BATCH,
          body ->
              batch(
                  context,
                  Reading.many(
                      body, (json, index) -> OperationReader.readEntry(json, now, names))));
    }
  }

  private void batch(RoutingContext context, List<Reading<Operation>> readings) {
    answers.requireRoom();
    List<Operation> operations = Reading.entries(readings);
    if (operations.isEmpty()) {
      context.response().setStatusCode(202);
      answers.json(context, accepted(0, outcomes(readings, Set.of(), "")));
      return;
    }
    ingest.append(
        operations,
        failure -> {
          if (failure == null) {
            accept(context, operations.size(), outcomes(readings, Set.of(), ""));
          } else if (failure instanceof OperationsTooLargeException large) {
            Set<Operation> refused = large.operations();
            long accepted = operations.stream().filter(each -> !refused.contains(each)).count();
            String error = Problem.of(large).detail();
            accept(context, accepted, outcomes(readings, refused, error));
          } else {
            Problem.of(failure).answer(context);
          }
        });
  }

  private void accept(RoutingContext context, long events, JsonBytes.Writing outcomes) {
    Answers.markDurable(context);
    context.response().setStatusCode(202);
    answers.confirm(context, accepted(events, outcomes));
  }

  private static Buffer accepted(long events, JsonBytes.Writing outcomes) {
    return AnalyticsEnvelope.of(events + " events accepted for processing", outcomes);
  }

  /** The id of each entry, or what is wrong with it, as an error is with those that are refused. */
  private static JsonBytes.Writing outcomes(
      List<Reading<Operation>> readings, Set<Operation> refused, String error) {
    return json -> {
      json.writeStartArray();
      for (Reading<Operation> reading : readings) {
        Operation operation = reading.entry();
        if (operation != null && !refused.contains(operation)) {
          writeId(json, operation);
        } else {
          json.writeStartObject();
          json.writeStringField(
              "error", operation == null ? Violation.text(reading.violations()) : error);
          json.writeEndObject();
        }
      }
      json.writeEndArray();
    };
  }

  private static void writeId(JsonGenerator json, Operation operation) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", operation.eventId().toString());
    json.writeEndObject();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
