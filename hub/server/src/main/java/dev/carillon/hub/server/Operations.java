package dev.carillon.hub.server;

import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.EventLog;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** What operators ask: health and metrics. */
final class Operations implements Receiver {

  private final @Nullable EventLog events;
  private final Analytics analytics;
  private final Metrics metrics;

  Operations(@Nullable EventLog events, Analytics analytics, Metrics metrics) {
    this.events = events;
    this.analytics = analytics;
    this.metrics = metrics;
  }

  @Override
  public void routes(Router router) {
    router.get("/health/live").handler(context -> answer(context, true));
    router
        .get("/health/ready")
        .handler(
            context ->
                answer(context, (events == null || events.isReady()) && analytics.isReady()));
    router
        .get("/metrics")
        .handler(
            context ->
                Answers.end(
                    context,
                    "text/plain; version=0.0.4; charset=utf-8",
                    Buffer.buffer(metrics.text())));
  }

  private static void answer(RoutingContext context, boolean well) {
    context.response().setStatusCode(well ? 200 : 503);
    Answers.json(
        context,
        Json.buffer(
            json -> {
              json.writeStartObject();
              json.writeStringField("status", well ? "UP" : "DOWN");
              json.writeEndObject();
            }));
  }
}
