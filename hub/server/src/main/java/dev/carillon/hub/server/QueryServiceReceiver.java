package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.hub.store.AnswerTooLargeException;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogQuery;
import dev.carillon.hub.store.LogQuery.Order;
import dev.carillon.hub.store.Page;
import dev.carillon.hub.store.StoredEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query service of the Data Services: events by what they are about, ordered by created date.
 */
final class QueryServiceReceiver implements Receiver {

  private static final int MAX_BODY = 1 << 20;
  private static final FieldNames FIELDS =
      new FieldNames(
          "topic",
          "subjects",
          "tags",
          "created_from",
          "created_to",
          "source_trace_ids",
          "organization_id",
          "user_id");

  private final Bodies bodies;
  private final EventLog events;
  private final LargeAnswers answers;

  QueryServiceReceiver(Bodies bodies, EventLog events, LargeAnswers answers) {
    this.bodies = bodies;
    this.events = events;
    this.answers = answers;
  }

  @Override
  public void routes(Router router) {
    router.post("/api/v2.0/QueryService/Events").handler(this::query);
  }

  private void query(RoutingContext context) {
    Parameters parameters = Parameters.of(context);
    LogQuery.Builder query =
        LogQuery.builder()
            .limit(parameters.limit())
            .offset(parameters.number("offset", 0, 0, Integer.MAX_VALUE))
            .order(
                "desc".equals(parameters.oneOf("order", "asc", "desc"))
                    ? Order.NEWEST_FIRST
                    : Order.OLDEST_FIRST);
    parameters.check();
    if (!ContentTypes.requireJson(context)) {
      return;
    }
    bodies.read(
        context,
        MAX_BODY,
        body -> {
          readFilter(body, query);
          LogQuery ready = query.build();
          Answers.when(
              context,
              events.read(ready).thenApply(page -> view(ready, page)),
              view -> answer(context, view));
        });
  }

  private static void readFilter(byte[] body, LogQuery.Builder query) {
    try (JsonParser json = Json.parser(body)) {
      JsonToken first = json.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return;
      }
      if (first != JsonToken.START_OBJECT) {
        throw new BadRequestException(Problem.of(400, "the filter is not a JSON object"));
      }
      FieldReader fields = new FieldReader(json);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        readField(name, fields, json, query);
      }
      Json.requireEnd(json);
      if (!fields.violations().isEmpty()) {
        throw new BadRequestException(Problem.invalid(fields.violations()));
      }
    } catch (IOException e) {
      throw Json.malformed(e);
    }
  }

  private static void readField(
      String name, FieldReader fields, JsonParser json, LogQuery.Builder query) throws IOException {
    String field = FIELDS.find(name);
    switch (field == null ? "" : field) {
      case "topic" -> query.type(fields.text(name, Text.MAX_LENGTH));
      case "subjects" -> query.subjects(orNone(fields.texts(name)));
      case "tags" -> query.tags(orNone(fields.texts(name)));
      case "source_trace_ids" -> query.traceIds(orNone(fields.texts(name)));
      case "created_from" -> query.from(fields.time(name));
      case "created_to" -> query.to(fields.time(name));
      case "organization_id" -> query.organizationId(fields.text(name, Text.MAX_LENGTH));
      case "user_id" -> query.userId(fields.text(name, Text.MAX_LENGTH));
      default -> {
        json.skipChildren();
        fields.wrong(name, "is not a field of a filter");
      }
    }
  }

  private static List<String> orNone(@Nullable List<String> values) {
    return values == null ? List.of() : values;
  }

  /** What a page looks like here, on the thread that read it; empty if nothing was found. */
  private static Buffer view(LogQuery query, Page page) {
    if (page.events().isEmpty()) {
      return Buffer.buffer();
    }
    if (page.full() && page.events().size() < query.limit()) {
      throw AnswerTooLargeException.ofEvents();
    }
    return Json.buffer(
        json -> {
          json.writeStartArray();
          for (StoredEvent event : page.events()) {
            EventView.write(json, event);
          }
          json.writeEndArray();
        });
  }

  private void answer(RoutingContext context, Buffer view) {
    if (view.length() == 0) {
      context.response().setStatusCode(204).end();
    } else {
      answers.json(context, view);
    }
  }
}
