package dev.carillon.hub.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What operators ask: health and metrics. */
final class Monitoring implements Receiver {

  private static final String READY = "/health/ready";

  private final Map<String, BooleanSupplier> parts;
  private final @Nullable Doors doors;
  private final Metrics metrics;

  Monitoring(Stores stores, @Nullable Doors doors, Metrics metrics) {
    this.parts = stores.parts();
    this.doors = doors;
    this.metrics = metrics;
  }

  @Override
  public void openRoutes(Router router) {
    router.get("/health/live").handler(context -> answer(context, isAlive()));
    router.get(READY).handler(this::ready);
    parts.forEach(
        (name, part) ->
            router
                .get(READY + "/" + name)
                .handler(context -> answer(context, part.getAsBoolean())));
  }

  /** Whether all is ready, and which part is. */
  private void ready(RoutingContext context) {
    Map<String, Boolean> ready = new LinkedHashMap<>();
    parts.forEach((name, part) -> ready.put(name, part.getAsBoolean()));
    answer(context, !ready.containsValue(false), ready);
  }

  @Override
  public void routes(Router router) {
    router
        .get("/metrics")
        .handler(
            context ->
                context
                    .vertx()
                    .executeBlocking(metrics::text) // some figures are counted in files
                    .onSuccess(
                        text ->
                            Answers.end(
                                context,
                                "text/plain; version=0.0.4; charset=utf-8",
                                Buffer.buffer(text)))
                    .onFailure(context::fail));
  }

  /** Whether nothing has ended that needs a new start. */
  private boolean isAlive() {
    return doors == null || doors.isBusAlive();
  }

  private static void answer(RoutingContext context, boolean well) {
    answer(context, well, Map.of());
  }

  private static void answer(RoutingContext context, boolean well, Map<String, Boolean> parts) {
    context.response().setStatusCode(well ? 200 : 503);
    Answers.json(
        context,
        Json.buffer(
            json -> {
              json.writeStartObject();
              json.writeStringField("status", status(well));
              if (!parts.isEmpty()) {
                json.writeObjectFieldStart("parts");
                for (Map.Entry<String, Boolean> part : parts.entrySet()) {
                  json.writeStringField(part.getKey(), status(part.getValue()));
                }
                json.writeEndObject();
              }
              json.writeEndObject();
            }));
  }

  private static String status(boolean well) {
    return well ? "UP" : "DOWN";
  }
}
