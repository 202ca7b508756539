package dev.carillon.hub.server;

import dev.carillon.core.MediaTypes;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogQuery;
import dev.carillon.hub.store.Page;
import dev.carillon.hub.store.StoredEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;

/** CloudEvents 1.0 over HTTP, in all three modes, and reading them back. */
final class CloudEventsReceiver implements Receiver {

  private static final String PATH = "/api/events";
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";

  private final Publishing publishing;
  private final Bodies bodies;
  private final EventLog events;
  private final LargeAnswers answers;

  CloudEventsReceiver(Publishing publishing, Bodies bodies, EventLog events, LargeAnswers answers) {
    this.publishing = publishing;
    this.bodies = bodies;
    this.events = events;
    this.answers = answers;
  }

  @Override
  public void routes(Router router) {
    router.post(PATH).handler(this::publish);
    router.get(PATH).handler(this::list);
  }

  private void publish(RoutingContext context) {
    HttpServerRequest request = context.request();
    String header = request.getHeader("Content-Type");
    switch (MediaTypes.withoutParameters(header)) {
      case STRUCTURED -> {
        if (ContentTypes.requireUtf8(context, header)) {
          bodies.read(context, Bodies.MAX_EVENT, body -> publishStructured(context, body));
        }
      }
      case BATCH -> {
        if (ContentTypes.requireUtf8(context, header)) {
          bodies.read(context, Bodies.MAX_BATCH, body -> publishBatch(context, body));
        }
      }
      default -> {
        if (request.getHeader("ce-specversion") == null) {
          String taken = STRUCTURED + ", " + BATCH + ", or the headers of the binary mode";
          Bodies.refuse(context, Problem.of(415, "what is taken here is " + taken));
        } else {
          bodies.read(context, Bodies.MAX_EVENT, body -> publishBinary(context, body));
        }
      }
    }
  }

  private void publishStructured(RoutingContext context, byte[] body) {
    publishing.one(context, Reading.one(body, (json, index) -> CloudEventReader.read(json, "")));
  }

  private void publishBatch(RoutingContext context, byte[] body) {
    publishing.all(
        context,
        Reading.many(body, (json, index) -> CloudEventReader.read(json, "[" + index + "].")));
  }

  private void publishBinary(RoutingContext context, byte[] body) {
    publishing.one(context, CloudEventReader.read(context.request().headers(), body));
  }

  private void list(RoutingContext context) {
    Parameters parameters = Parameters.of(context);
    LogQuery query =
        LogQuery.builder()
            .type(parameters.text("type"))
            .source(parameters.text("source"))
            .subjects(parameters.texts("subject"))
            .from(parameters.time("from"))
            .to(parameters.time("to"))
            .after(parameters.position("after", 0, 0, Long.MAX_VALUE))
            .limit(parameters.limit())
            .build();
    parameters.checkAll();
    Answers.when(context, events.read(query), page -> answer(context, page));
  }

  private void answer(RoutingContext context, Page page) {
    int size = page.events().stream().mapToInt(event -> event.json().length + 1).sum();
    Buffer batch = Buffer.buffer(size + 2).appendByte((byte) '[');
    for (StoredEvent event : page.events()) {
      if (batch.length() > 1) {
        batch.appendByte((byte) ',');
      }
      batch.appendBytes(event.json());
    }
    batch.appendByte((byte) ']');
    if (page.full()) {
      context
          .response()
          .putHeader("Link", "<" + nextPage(context, page.next()) + ">; rel=\"next\"");
    }
    answers.end(context, BATCH, batch);
  }

  /** This request's own address, but after the last event of its page. */
  private static String nextPage(RoutingContext context, long after) {
    StringJoiner query = new StringJoiner("&", PATH + "?", "");
    for (Map.Entry<String, String> parameter : context.queryParams()) {
      if (!parameter.getKey().equals("after")) {
        query.add(encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()));
      }
    }
    return query.add("after=" + after).toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
