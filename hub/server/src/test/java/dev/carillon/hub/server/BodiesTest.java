package dev.carillon.hub.server;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BodiesTest {

  private static final int SIZE = 1 << 20;
  private static final long ALL = 64L << 20;

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @AfterEach
  void stop() throws Exception {
    mayGoOn.countDown();
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void holdsTheRoomOfABodyThatAWorkerHasAlthoughItsSenderIsGone() throws Exception {
    BodyBudget budget = BodyBudget.ofRequests();
    Bodies bodies = new Bodies(vertx, Duration.ofSeconds(30), budget);
    CountDownLatch working = new CountDownLatch(1);
    CompletableFuture<Void> hungUp = new CompletableFuture<>();
    Router router = Router.router(vertx);
    router
        .post()
        .handler(
            context -> {
              context.request().connection().closeHandler(hungUp::complete);
              bodies.read(
                  context,
                  SIZE,
                  body -> {
                    working.countDown();
                    awaitQuietly(mayGoOn);
                  });
            });
    HttpServer server = vertx.createHttpServer().requestHandler(router);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get();
    try (Socket sender = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + SIZE + "\r\n\r\n";
      sender.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      sender.getOutputStream().write(new byte[SIZE]);
      working.await();
    }
    hungUp.get();
    await().during(Duration.ofMillis(300)).until(() -> !isFree(budget));
    mayGoOn.countDown();
    await().until(() -> isFree(budget));
  }

  private static boolean isFree(BodyBudget budget) {
    boolean free = budget.take(ALL);
    if (free) {
      budget.giveBack(ALL);
    }
    return free;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
