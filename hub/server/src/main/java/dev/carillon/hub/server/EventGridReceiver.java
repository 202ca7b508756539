package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import dev.carillon.core.MediaTypes;
import dev.carillon.hub.eventgrid.Credentials;
import dev.carillon.hub.eventgrid.Refusal;
import dev.carillon.hub.eventgrid.TopicAccess;
import dev.carillon.hub.store.LogEntry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishing to Event Grid topics, with the answers of Azure's own endpoint: 200 and nothing else
 * when all events of a request are durable, else an error object and none of them is taken. One for
 * each event loop.
 */
final class EventGridReceiver implements Receiver {

  /** Names the topic that an event came in by. */
  static final String TOPIC = "eventgridtopic";

  private static final int MAX_EVENTS = 5_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final int CHECKERS = 4;
  private static final int MOST_CHECKS = 128;
  private static final String CLOUD_EVENT = "application/cloudevents+json";
  private static final String CLOUD_EVENTS = "application/cloudevents-batch+json";

  private final Publishing publishing;
  private final Bodies bodies;
  private final TopicAccess access;
  private final WorkerExecutor checkers; // of all event loops: a token's issuer may be slow
  private int checks;

  EventGridReceiver(Vertx vertx, Publishing publishing, Bodies bodies, TopicAccess access) {
    this.checkers = vertx.createSharedWorkerExecutor("carillon-token", CHECKERS);
    this.publishing = publishing;
    this.bodies = bodies;
    this.access = access;
  }

  @Override
  public void openRoutes(Router router) {
    router.post("/:topic/api/events").handler(this::admit);
  }

  private void admit(RoutingContext context) {
    AzureError.answersFor(context);
    HttpServerRequest request = context.request();
    String topic = context.pathParam("topic");
    String path = context.normalizedPath();
    Credentials shown =
        Credentials.of(
            request.getHeader("aeg-sas-key"),
            request.getHeader("aeg-sas-token"),
            request.getHeader("Authorization"));
    if (!access.mayWait(shown)) {
      admitted(context, topic, access.check(topic, path, shown));
    } else if (checks == MOST_CHECKS) {
      Bodies.refuse(context, Problem.busy(1, "too many bearer tokens at once"));
    } else {
      checkSlowly(context, topic, path, shown);
    }
  }

  private void checkSlowly(RoutingContext context, String topic, String path, Credentials shown) {
    checks++;
    context.request().pause();
    checkers
        .executeBlocking(() -> Optional.ofNullable(access.check(topic, path, shown)), false)
        .onComplete(checked -> checks--)
        .onComplete(
            refusal -> {
              admitted(context, topic, refusal.orElse(null));
              context.request().resume();
            },
            failure -> Bodies.refuse(context, Problem.of(failure)));
  }

  private void admitted(RoutingContext context, String topic, @Nullable Refusal refusal) {
    if (refusal == null) {
      take(context, topic);
      return;
    }
    if (refusal.status() == 401) {
      context.response().putHeader("WWW-Authenticate", "Bearer");
    }
    int retryAfter = refusal.status() == 503 ? 5 : 0;
    Bodies.refuse(context, new Problem(refusal.status(), refusal.message(), List.of(), retryAfter));
  }

  private void take(RoutingContext context, String topic) {
    String header = context.request().getHeader("Content-Type");
    switch (MediaTypes.withoutParameters(header)) {
      case CLOUD_EVENTS ->
          takeMany(
              context,
              header,
              (json, index) -> CloudEventReader.read(json, "[" + index + "].", topic));
      case CLOUD_EVENT -> {
        if (ContentTypes.requireUtf8(context, header)) {
          bodies.read(
              context,
              MAX_BYTES,
              body ->
                  publishing.together(
                      context,
                      List.of(
                          Reading.one(
                              body, (json, index) -> CloudEventReader.read(json, "", topic)))));
        }
      }
      case "application/json" -> {
        Instant received = Instant.now();
        takeMany(
            context, header, (json, index) -> readEventGridEvent(json, index, topic, received));
      }
      default ->
          Bodies.refuse(
              context,
              Problem.of(415, "what is taken here is application/json, or " + CLOUD_EVENTS));
    }
  }

  private static Reading<LogEntry> readEventGridEvent(
      JsonParser json, int index, String topic, Instant received) throws IOException {
    return EventGridEventReader.read(json, "[" + index + "].", topic, received);
  }

  private void takeMany(
      RoutingContext context, @Nullable String header, Reading.Reader<LogEntry> reader) {
    if (ContentTypes.requireUtf8(context, header)) {
      bodies.read(
          context,
          MAX_BYTES,
          body -> publishing.together(context, Reading.many(body, MAX_EVENTS, reader)));
    }
  }
}
