package dev.carillon.hub.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** What operators ask: health and metrics. */
final class Monitoring implements Receiver {

  private final Stores stores;
  private final @Nullable Doors doors;
  private final Metrics metrics;

  Monitoring(Stores stores, @Nullable Doors doors, Metrics metrics) {
    this.stores = stores;
    this.doors = doors;
    this.metrics = metrics;
  }

  @Override
  public void openRoutes(Router router) {
    router.get("/health/live").handler(context -> answer(context, isAlive()));
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

  /** Whether nothing has ended that needs a new start. */
  private boolean isAlive() {
    return doors == null || doors.isBusAlive();
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
