package dev.carillon.hub.server;

import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogEntry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;

/**
 * The event service of the Data Services: publishing, one or many, the server's time, one event.
 */
final class EventServiceReceiver implements Receiver {

  private static final String PATH = "/api/v2.0/EventService";

  private final Publishing publishing;
  private final Bodies bodies;
  private final EventLog events;
  private final LargeAnswers answers;

  EventServiceReceiver(
      Publishing publishing, Bodies bodies, EventLog events, LargeAnswers answers) {
    this.publishing = publishing;
    this.bodies = bodies;
    this.events = events;
    this.answers = answers;
  }

  @Override
  public void routes(Router router) {
    router.post(PATH).handler(this::publish);
    router.post(PATH + "/batch").handler(this::publishBatch);
    router.get(PATH + "/ServerTime").handler(this::serverTime);
    router.get(PATH + "/:id").handler(this::find);
  }

  private void publish(RoutingContext context) {
    if (ContentTypes.requireJson(context)) {
      bodies.read(
          context,
          Bodies.MAX_EVENT,
          body -> publishing.one(context, Reading.one(body, reader(context))));
    }
  }

  private void publishBatch(RoutingContext context) {
    if (ContentTypes.requireJson(context)) {
      bodies.read(
          context,
          Bodies.MAX_BATCH,
          body -> publishing.each(context, Reading.many(body, reader(context))));
    }
  }

  private static Reading.Reader<LogEntry> reader(RoutingContext context) {
    Instant received = Instant.now();
    String traceparent = context.request().getHeader("traceparent");
    return (json, index) -> EventMessageReader.read(json, received, traceparent);
  }

  private void serverTime(RoutingContext context) {
    Answers.json(
        context,
        Json.buffer(
            json -> {
              json.writeStartObject();
              json.writeStringField("serverTimeUtc", Instant.now().toString());
              json.writeEndObject();
            }));
  }

  private void find(RoutingContext context) {
    Answers.when(
        context,
        events.find(context.pathParam("id")),
        found ->
            found.ifPresentOrElse(
                event -> answers.json(context, Json.buffer(json -> EventView.write(json, event))),
                () -> Problem.of(404, "no event has this id").answer(context)));
  }
}
