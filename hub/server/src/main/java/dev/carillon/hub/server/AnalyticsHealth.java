package dev.carillon.hub.server;

import dev.carillon.hub.store.Analytics;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Whether conversation analytics can be used now, in their own words. */
final class AnalyticsHealth implements Receiver {

  private final Analytics analytics;

  AnalyticsHealth(Analytics analytics) {
    this.analytics = analytics;
  }

  @Override
  public void openRoutes(Router router) {
    router.get("/health").handler(this::health);
    router.get("/ping").handler(context -> context.response().setStatusCode(204).end());
  }

  private void health(RoutingContext context) {
    if (analytics.isReady()) {
      AnalyticsEnvelope.answer(context, 200, "ok", null);
    } else {
      Problem.busy(5, "events cannot be stored and read now").answer(context);
    }
  }
}
