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

  /** What is smaller is not worth its accounting. */
  private static final int LARGE = 16 << 10;

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

  /** Answers what was asked, or that there is no room for it now. */
  void end(RoutingContext context, CharSequence contentType, Buffer body) {
    if (body.length() < LARGE) {
      Answers.end(context, contentType, body);
    } else if (budget.take(body.length())) {
      endHeld(context, contentType, body);
    } else if (!context.response().ended() && !context.response().closed()) {
      context.response().headers().clear(); // what was said of the answer
      busy().answer(context);
    }
  }

  /**
   * Refuses what will have to be confirmed at length, before it is done.
   *
   * @throws BadRequestException if there is no room for more answers
   */
  void requireRoom() {
    if (budget.isFull()) {
      throw new BadRequestException(busy());
    }
  }

  /** Answers what was done; there is room for that always, then less for others. */
  void confirm(RoutingContext context, Buffer body) {
    confirm(context, Answers.JSON, body);
  }

  /** Answers what was done, as something else than JSON. */
  void confirm(RoutingContext context, CharSequence contentType, Buffer body) {
    if (body.length() < LARGE) {
      Answers.end(context, contentType, body);
    } else {
      budget.takeAnyway(body.length());
      endHeld(context, contentType, body);
    }
  }

  private static Problem busy() {
    return Problem.busy(1, "too many large answers at once");
  }

  private void endHeld(RoutingContext context, CharSequence contentType, Buffer body) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      budget.giveBack(body.length());
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
