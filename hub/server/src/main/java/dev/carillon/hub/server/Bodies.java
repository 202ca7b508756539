package dev.carillon.hub.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * Reads request bodies within bounds: of size, also once inflated; of time, against senders that
 * dribble; and of memory, over all requests. One for each event loop.
 */
final class Bodies {

  static final int MAX_EVENT = 1 << 20;
  static final int MAX_BATCH = 16 << 20;

  /**
   * From this size on a body is worked on by a worker thread: the event loop has others to serve.
   */
  private static final int LARGE = 256 << 10;

  /** How long a connection stays open behind an answer to a body that was not read. */
  private static final long LINGER_MILLIS = 1000;

  private final Vertx vertx;
  private final long timeoutNanos;
  private final BodyBudget budget;
  private final Set<BodyReading> open = new LinkedHashSet<>();

  Bodies(Vertx vertx, Duration timeout, BodyBudget budget) {
    this.vertx = vertx;
    this.timeoutNanos = timeout.toNanos();
    this.budget = budget;
    vertx.setPeriodic(500, id -> endLateOnes());
  }

  /**
   * Reads a body and works on it; what the work throws becomes the answer.
   *
   * @param maxBytes how large it may be, before and after inflating
   * @param work runs on the event loop, or on a worker if the body is large
   */
  void read(RoutingContext context, int maxBytes, Consumer<byte[]> work) {
    HttpServerRequest request = context.request();
    String encoding = request.getHeader("Content-Encoding");
    boolean gzip = "gzip".equalsIgnoreCase(encoding);
    if (encoding != null && !gzip && !"identity".equalsIgnoreCase(encoding)) {
      refuse(context, Problem.of(415, "the only Content-Encoding taken is gzip"));
      return;
    }
    BodyReading reading =
        new BodyReading(context, maxBytes, budget, System.nanoTime() + timeoutNanos);
    open.add(reading);
    reading.start(
        ended -> open.remove(ended),
        body -> {
          if (gzip || body.length > LARGE) {
            reading.enter();
            onWorker(context, () -> work.accept(gzip ? inflate(body, maxBytes) : body))
                .onComplete(done -> reading.leave());
          } else {
            run(context, () -> work.accept(body));
          }
        });
  }

  /**
   * Answers before the body is read, reads on a little so that the answer gets through, and then
   * hangs up: nobody knows where the next request would begin.
   */
  static void refuse(RoutingContext context, Problem problem) {
    HttpServerRequest request = context.request();
    request.handler(ignored -> {});
    request.resume();
    if (!Answers.isMultiplexed(request)) {
      context.response().putHeader("Connection", "close");
    }
    problem.answer(context);
    context.vertx().setTimer(LINGER_MILLIS, id -> Answers.hangUp(request));
  }

  private Future<Boolean> onWorker(RoutingContext context, Runnable work) {
    return vertx
        .executeBlocking(
            () -> {
              work.run();
              return true;
            },
            false)
        .onFailure(e -> Problem.of(e).answer(context));
  }

  private static void run(RoutingContext context, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      Problem.of(e).answer(context);
    }
  }

  private void endLateOnes() {
    long now = System.nanoTime();
    List<BodyReading> late = new ArrayList<>();
    for (BodyReading reading : open) {
      if (reading.deadline() - now > 0) {
        break; // the oldest come first
      }
      late.add(reading);
    }
    late.forEach(reading -> reading.fail(Problem.of(408, "the body did not arrive in time")));
  }

  private static byte[] inflate(byte[] body, int maxBytes) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] inflated = in.readNBytes(maxBytes + 1);
      if (inflated.length > maxBytes) {
        throw new BadRequestException(tooLarge(maxBytes));
      }
      return inflated;
    } catch (IOException e) {
      throw new BadRequestException(Problem.of(400, "the body is not valid gzip"));
    }
  }

  static Problem tooLarge(int maxBytes) {
    return Problem.of(413, "the body is larger than " + maxBytes + " bytes");
  }
}
