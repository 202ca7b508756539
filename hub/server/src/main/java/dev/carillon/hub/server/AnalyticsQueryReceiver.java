package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import dev.carillon.hub.store.AnswerTooLargeException;
import dev.carillon.hub.store.EventVersion;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Conversation analytics: one event, a conversation's, and the questions about many. */
final class AnalyticsQueryReceiver implements Receiver {

  private static final Problem ABSENT = Problem.of(404, "event not found");

  private final Analytics analytics;
  private final EventNames names;
  private final LargeAnswers answers;

  AnalyticsQueryReceiver(Analytics analytics, EventNames names, LargeAnswers answers) {
    this.analytics = analytics;
    this.names = names;
    this.answers = answers;
  }

  @Override
  public void routes(Router router) {
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

  private void find(RoutingContext context) {
    UUID id = AnalyticsParameters.idOrNull(context);
    if (id == null) {
      ABSENT.answer(context);
      return;
    }
    when(
        context,
        store -> store.find(id),
        found -> {
          if (found.isEmpty()) {
            ABSENT.answer(context);
          } else {
            EventVersion event = found.get();
            answers.json(context, AnalyticsEnvelope.of(json -> AnalyticsView.event(json, event)));
          }
        });
  }

  private void conversation(RoutingContext context) {
    AnalyticsParameters parameters = AnalyticsParameters.of(context, names);
    AnalyticsQuery query = parameters.events().in(String.valueOf(context.pathParam("id")));
    UUID after = parameters.after();
    parameters.check();
    list(
        context,
        store ->
            (after == null ? store.events(query) : goOn(store, query, after))
                .thenApply(AnswerTooLargeException::checkEvents),
        AnalyticsView::event);
  }

  /** Goes on after an event, which must be there to be found in the order. */
  private static CompletableFuture<List<EventVersion>> goOn(
      AnalyticsStore store, AnalyticsQuery query, UUID after) {
    return store
        .find(after)
        .thenCompose(
            found ->
                store.events(
                    query,
                    found
                        .filter(last -> isIn(last, query.conversationId()))
                        .orElseThrow(AnalyticsQueryReceiver::nothingAfter)));
  }

  private static boolean isIn(EventVersion event, @Nullable String conversation) {
    return Objects.equals(event.fields().conversationId(), conversation);
  }

  private static BadRequestException nothingAfter() {
    return new BadRequestException(
        Problem.invalid("after", "is the id of no event of this conversation"));
  }

  private void errors(RoutingContext context) {
    ask(context, AnalyticsParameters::ofDays, AnalyticsStore::errors, AnalyticsView::errorDay);
  }

  private void latency(RoutingContext context) {
    ask(
        context,
        AnalyticsParameters::ofAllTimes,
        AnalyticsStore::latency,
        AnalyticsView::sessionLatency);
  }

  private void topErrors(RoutingContext context) {
    ask(
        context,
        AnalyticsParameters::ofAllTimes,
        AnalyticsStore::topErrors,
        AnalyticsView::sessionErrors);
  }

  private void slowest(RoutingContext context) {
    ask(context, AnalyticsParameters::ofDays, AnalyticsStore::slowest, AnalyticsView::slowSession);
  }

  private void latencyByName(RoutingContext context) {
    ask(
        context,
        AnalyticsParameters::ofDays,
        AnalyticsStore::latencyByName,
        AnalyticsView::nameLatency);
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
        store -> store.totals(current, from.minus(length)),
        (List<Totals> totals) ->
            AnalyticsEnvelope.answer(
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

  /** Answers a question about the events of a range. */
  private <T> void ask(
      RoutingContext context,
      Function<AnalyticsParameters, AnalyticsQuery> range,
      BiFunction<AnalyticsStore, AnalyticsQuery, CompletableFuture<List<T>>> read,
      View<T> view) {
    AnalyticsParameters parameters = AnalyticsParameters.of(context, names);
    AnalyticsQuery query = range.apply(parameters);
    parameters.check();
    list(context, store -> read.apply(store, query), view);
  }

  private <T> void list(
      RoutingContext context,
      Function<AnalyticsStore, CompletableFuture<List<T>>> read,
      View<T> view) {
    when(
        context,
        store -> read.apply(store).thenApply(rows -> array(rows, view)),
        array -> answers.json(context, array));
  }

  /** On the thread that read the rows, since there may be many. */
  private static <T> Buffer array(List<T> rows, View<T> view) {
    return AnalyticsEnvelope.of(
        json -> {
          json.writeStartArray();
          for (T row : rows) {
            view.write(json, row);
          }
          json.writeEndArray();
        });
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
