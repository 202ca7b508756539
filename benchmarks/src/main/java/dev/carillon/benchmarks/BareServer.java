package dev.carillon.benchmarks;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/**
 * The peer of the hub's ingest: a bare Vert.x server that parses the same JSON and answers the same
 * without storing anything. Its one argument is the port.
 */
public final class BareServer extends VerticleBase {

  private static final String ID = "d8917d6e-aab8-404b-8ab7-ccb5914b1193";

  private final int port;

  private BareServer(int port) {
    this.port = port;
  }

  /** Runs until it is killed; prints a line when it listens. */
  public static void main(String[] args) throws Exception {
    int loops = Runtime.getRuntime().availableProcessors();
    int port = Integer.parseInt(args[0]);
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops))
        .deployVerticle(() -> new BareServer(port), new DeploymentOptions().setInstances(loops))
        .await();
    System.out.println("ready");
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer().requestHandler(BareServer::answer).listen(port, "127.0.0.1");
  }

  private static void answer(HttpServerRequest request) {
    if (request.path().equals("/ping")) {
      request.response().setStatusCode(204).end();
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              JsonObject event = body.length() == 0 ? new JsonObject() : body.toJsonObject();
              JsonObject answer =
                  new JsonObject()
                      .put("id", ID)
                      .put("createdDateUtc", event.getString("created_date_utc"));
              request
                  .response()
                  .putHeader("Content-Type", "application/json")
                  .end(Buffer.buffer(answer.encode()));
            });
  }
}
