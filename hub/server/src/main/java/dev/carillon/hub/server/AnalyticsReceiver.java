package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.Operation.Kind;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Conversation analytics: tracking, changing and deleting events, and asking about them. */
final class AnalyticsReceiver implements Receiver {

  private final Bodies bodies;
  private final Analytics analytics;
  private final Ingest<Operation> ingest;
  private final EventNames names;

  AnalyticsReceiver(
      Bodies bodies, Analytics analytics, Ingest<Operation> ingest, EventNames names) {
    this.bodies = bodies;
    this.analytics = analytics;
    this.ingest = ingest;
    this.names = names;
  }

  @Override
  public void routes(Router router) {
    router.post("/event").handler(this::create);
    router.post("/event/").handler(this::create);
    router.post("/event/batch").handler(this::batch);
    router.put("/event/:id").handler(this::update);
    router.delete("/event/:id").handler(this::delete);
    router.get("/event/:id").handler(this::find);
    router.get("/events/conversation/:id").handler(this::conversation);
    router.get("/analytics/errors").handler(this::errors);
    router.get("/analytics/latency").handler(this::latency);
    router.get("/analytics/latency/names").handler(this::latencyByName);
    router.get("/analytics/sessions/top-errors").handler(this::topErrors);
    router.get("/analytics/sessions/slowest").handler(this::slowest);
    router.get("/analytics/timeline").handler(this::timeline);
    router.get("/analytics/totals").handler(this::totals);
  }

  private void create(RoutingContext context) {
    read(context, Kind.CREATE, null, "event accepted for processing");
  }

  private void update(RoutingContext context) {
    UUID id = id(context);
    read(context, Kind.UPDATE, id, "update accepted for processing");
  }

  private void delete(RoutingContext context) {
    Operation delete = new Operation(Kind.DELETE, id(context), now(), EventFields.NONE);
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
        failure -> {
          if (failure == null) {
            Envelope.accept(context, message, json -> writeId(json, operation));
          } else {
            Problem.of(failure).answer(context);
          }
        });
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
    List<Operation> operations = Reading.entries(readings);
    if (operations.isEmpty()) {
      if (readings.isEmpty()) {
        Envelope.answer(context, 202, "0 events accepted for processing", outcomes(readings));
      } else {
        Envelope.refuse(
            context,
            400,
            "nothing in the batch is valid: " + Violation.text(readings.get(0).violations()),
            outcomes(readings));
      }
      return;
    }
    ingest.append(
        operations,
        failure -> {
          if (failure == null) {
            String message = operations.size() + " events accepted for processing";
            Envelope.accept(context, message, outcomes(readings));
          } else {
            Problem.of(failure).answer(context);
          }
        });
  }

  private static Json.Writing outcomes(List<Reading<Operation>> readings) {
    return json -> {
      json.writeStartArray();
      for (Reading<Operation> reading : readings) {
        Operation operation = reading.entry();
        if (operation != null) {
          writeId(json, operation);
        } else {
          json.writeStartObject();
          json.writeStringField("error", Violation.text(reading.violations()));
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

  private static UUID id(RoutingContext context) {
    UUID id = OperationReader.uuid(String.valueOf(context.pathParam("id")));
    if (id == null) {
      throw new BadRequestException(Problem.invalid("id", "is no UUID"));
    }
    return id;
  }

  private void find(RoutingContext context) {
    UUID id = id(context);
    when(
        context,
        store -> store.find(id),
        found -> {
          if (found.isEmpty()) {
            Problem.of(404, "event not found").answer(context);
          } else {
            EventVersion event = found.get();
            Envelope.answer(context, 200, null, json -> AnalyticsView.event(json, event));
          }
        });
  }

  private void conversation(RoutingContext context) {
    AnalyticsParameters parameters = AnalyticsParameters.of(context, names);
    AnalyticsQuery query = parameters.events().in(String.valueOf(context.pathParam("id")));
    parameters.check();
    list(context, store -> store.events(query), AnalyticsView::event);
  }

  private void errors(RoutingContext context) {
    ofDays(context, AnalyticsStore::errors, AnalyticsView::errorDay);
  }

  private void latency(RoutingContext context) {
    ofAllTimes(context, AnalyticsStore::latency, AnalyticsView::sessionLatency);
  }

  private void topErrors(RoutingContext context) {
    ofAllTimes(context, AnalyticsStore::topErrors, AnalyticsView::sessionErrors);
  }

  private void slowest(RoutingContext context) {
    ofDays(context, AnalyticsStore::slowest, AnalyticsView::slowSession);
  }

  private void latencyByName(RoutingContext context) {
    ofDays(context, AnalyticsStore::latencyByName, AnalyticsView::nameLatency);
  }

  private void timeline(RoutingContext context) {
    AnalyticsParameters parameters = AnalyticsParameters.of(context, names);
    AnalyticsQuery query = parameters.ofDays();
    Duration bucket = parameters.bucket(query);
    parameters.check();
    list(context, store -> store.timeline(query, bucket), AnalyticsView::bucket);
  }

  private void totals(RoutingContext context) {
    AnalyticsParameters parameters = AnalyticsParameters.of(context, names);
    AnalyticsQuery current = parameters.ofDaysUpToNow();
    parameters.check();
    Instant from = AnalyticsParameters.from(current);
    Duration length = Duration.between(from, current.to());
    AnalyticsQuery previous = current.between(from.minus(length), from);
    when(
        context,
        store ->
            store
                .totals(current)
                .thenCombine(store.totals(previous), (one, other) -> List.of(one, other)),
        (List<Totals> totals) ->
            Envelope.answer(
                context,
                200,
                null,
                json -> {
                  json.writeStartObject();
                  json.writeFieldName("current");
                  AnalyticsView.totals(json, current, totals.get(0));
                  json.writeFieldName("previous");
                  AnalyticsView.totals(json, previous, totals.get(1));
                  json.writeEndObject();
                }));
  }

  /** Writes one row of an answer. */
  private interface View<T> {
    void write(JsonGenerator json, T row) throws IOException;
  }

  private <T> void ofDays(
      RoutingContext context,
      BiFunction<AnalyticsStore, AnalyticsQuery, CompletableFuture<List<T>>> read,
      View<T> view) {
    AnalyticsParameters parameters = AnalyticsParameters.of(context, names);
    AnalyticsQuery query = parameters.ofDays();
    parameters.check();
    list(context, store -> read.apply(store, query), view);
  }

  private <T> void ofAllTimes(
      RoutingContext context,
      BiFunction<AnalyticsStore, AnalyticsQuery, CompletableFuture<List<T>>> read,
      View<T> view) {
    AnalyticsParameters parameters = AnalyticsParameters.of(context, names);
    AnalyticsQuery query = parameters.ofAllTimes();
    parameters.check();
    list(context, store -> read.apply(store, query), view);
  }

  private <T> void list(
      RoutingContext context,
      Function<AnalyticsStore, CompletableFuture<List<T>>> read,
      View<T> view) {
    when(
        context,
        read,
        rows ->
            Envelope.answer(
                context,
                200,
                null,
                json -> {
                  json.writeStartArray();
                  for (T row : rows) {
                    view.write(json, row);
                  }
                  json.writeEndArray();
                }));
  }

  /** Reads once everything that was acknowledged before can be read. */
  private <T> void when(
      RoutingContext context,
      Function<AnalyticsStore, CompletableFuture<T>> read,
      Consumer<T> then) {
    Answers.when(
        context,
        analytics.operations().readable().thenCompose(ignored -> read.apply(analytics.store())),
        then);
  }
}
