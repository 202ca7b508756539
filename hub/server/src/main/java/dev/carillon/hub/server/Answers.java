package dev.carillon.hub.server;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ways in which the hub answers. */
final class Answers {

  private static final CharSequence DURABLE = HttpHeaders.createOptimized("Carillon-Durable");
  private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  /** How HTTP/2 says that a stream ends and nothing is wrong (RFC 9113, section 8.1). */
  private static final long NO_ERROR = 0;

  private Answers() {}

  static void json(RoutingContext context, Buffer body) {
    end(context, JSON, body);
  }

  /** Answers that events are on durable storage, and nothing else. */
  static void durable(RoutingContext context) {
    if (!context.response().ended() && !context.response().closed()) {
      markDurable(context);
      context.response().end();
    }
  }

  /** Has the answer's head say that events are on durable storage. */
  static void markDurable(RoutingContext context) {
    context.response().putHeader(DURABLE, TRUE);
  }

  static void end(RoutingContext context, CharSequence contentType, Buffer body) {
    if (!context.response().ended() && !context.response().closed()) {
      context.response().putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(body);
    }
  }

  /** Answers once events are on durable storage, or with what failed. */
  static Ingest.Done whenDurable(RoutingContext context, Runnable answer) {
    return failure -> {
      if (failure == null) {
        answer.run();
      } else {
        Problem.of(failure).answer(context);
      }
    };
  }

  /** Goes on with the log's answer on the request's event loop, or answers with its failure. */
  static <T> void when(RoutingContext context, CompletableFuture<T> answer, Consumer<T> then) {
    whenDone(
        context,
        answer,
        (value, failure) -> {
          if (failure != null || value == null) {
            Problem.of(failure == null ? new IllegalStateException("no answer") : failure)
                .answer(context);
            return;
          }
          try {
            then.accept(value);
          } catch (RuntimeException e) {
            Problem.of(e).answer(context);
          }
        });
  }

  /** Goes on with the log's answer, or with its failure, on the request's event loop. */
  static <T> void whenDone(
      RoutingContext context,
      CompletableFuture<T> answer,
      BiConsumer<@Nullable T, @Nullable Throwable> then) {
    Context loop = context.vertx().getOrCreateContext();
    answer.whenComplete(
        (value, failure) -> loop.runOnContext(ignored -> then.accept(value, failure)));
  }

  /** Whether other requests share the connection of this one, as in HTTP/2. */
  static boolean isMultiplexed(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }

  /** Ends a request for good: its connection or, where others share that, its stream. */
  static void hangUp(HttpServerRequest request) {
    if (isMultiplexed(request)) {
      request.response().reset(NO_ERROR);
    } else {
      HttpServerConnection connection = (HttpServerConnection) request.connection();
      connection.channelHandlerContext().close(); // its own close waits until all is taken
    }
  }
}
