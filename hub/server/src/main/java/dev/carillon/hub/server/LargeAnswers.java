package dev.carillon.hub.server;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Answers with what may be large, within bounds: of memory, over all readers; and of time, against
 * readers that take little or nothing. One for each event loop.
 */
final class LargeAnswers {

  private final Vertx vertx;
  private final BodyBudget budget;
  private final long timeoutMillis;

  /**
   * @param timeout how long a reader may take
   */
  LargeAnswers(Vertx vertx, BodyBudget budget, Duration timeout) {
    this.vertx = vertx;
    this.budget = budget;
    this.timeoutMillis = timeout.toMillis();
  }

  void json(RoutingContext context, Buffer body) {
    end(context, Answers.JSON, body);
  }

  void end(RoutingContext context, CharSequence contentType, Buffer body) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (!budget.take(body.length())) {
      response.headers().clear(); // what was said of the answer
      Problem.busy(1, "too many large answers at once").answer(context);
      return;
    }
    long late = vertx.setTimer(timeoutMillis, id -> Answers.hangUp(context.request()));
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
        .end(body)
        .onComplete(
            taken -> {
              vertx.cancelTimer(late);
              budget.giveBack(body.length());
            });
  }
}
