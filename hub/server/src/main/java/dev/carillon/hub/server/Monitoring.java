package dev.carillon.hub.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** What operators ask: health and metrics. */
final class Monitoring implements Receiver {

  private final Stores stores;
  private final Metrics metrics;

  Monitoring(Stores stores, Metrics metrics) {
    this.stores = stores;
    this.metrics = metrics;
  }

  @Override
  public void openRoutes(Router router) {
    router.get("/health/live").handler(context -> answer(context, true));
    router.get("/health/ready").handler(context -> answer(context, stores.areReady()));
  }

  @Override
  public void routes(Router router) {
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
