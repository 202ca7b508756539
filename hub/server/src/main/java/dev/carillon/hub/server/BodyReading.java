package dev.carillon.hub.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A body that is being read. Used by one event loop. */
final class BodyReading {

  private final RoutingContext context;
  private final int maxBytes;
  private final BodyBudget budget;
  private final long deadline;
  private @Nullable Buffer body;
  private long held;
  private boolean ended;
  private boolean answered;
  private boolean atWork;
  private Consumer<BodyReading> onEnd = reading -> {};

  BodyReading(RoutingContext context, int maxBytes, BodyBudget budget, long deadline) {
    this.context = context;
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.deadline = deadline;
  }

  long deadline() {
    return deadline;
  }

  void start(Consumer<BodyReading> onEnd, Consumer<byte[]> onBody) {
    this.onEnd = onEnd;
    HttpServerRequest request = context.request();
    if (declaredLength(request) > maxBytes) {
      fail(Bodies.tooLarge(maxBytes));
      return;
    }
    context.response().endHandler(done -> answered());
    context.response().closeHandler(closed -> abandon());
    request.exceptionHandler(e -> abandon());
    request.handler(this::take);
    request.endHandler(
        end -> {
          if (finish()) {
            byte[] bytes = body == null ? new byte[0] : body.getBytes();
            body = null;
            onBody.accept(bytes);
          }
        });
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length.trim());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private void take(Buffer chunk) {
    if (ended) {
      return;
    }
    if (held + chunk.length() > maxBytes) {
      fail(Bodies.tooLarge(maxBytes));
    } else if (!budget.take(chunk.length())) {
      fail(Problem.busy(1, "too many large requests at once"));
    } else {
      held += chunk.length();
      body = body == null ? chunk : body.appendBuffer(chunk);
    }
  }

  /** Answers with a problem, unless the body has come in the meantime. */
  void fail(Problem problem) {
    if (finish()) {
      body = null;
      Bodies.refuse(context, problem);
    }
  }

  /** A worker has the body: it is held until {@link #leave}, even if nobody waits any more. */
  void enter() {
    atWork = true;
  }

  void leave() {
    atWork = false;
    giveBackWhenDone();
  }

  private void abandon() {
    finish();
    answered();
  }

  private void answered() {
    answered = true;
    giveBackWhenDone();
  }

  private boolean finish() {
    boolean first = !ended;
    ended = true;
    if (first) {
      onEnd.accept(this);
    }
    return first;
  }

  private void giveBackWhenDone() {
    if (answered && !atWork) {
      budget.giveBack(held);
      held = 0;
    }
  }
}
