package dev.carillon.hub.eventgrid;

import dev.carillon.hub.eventgrid.TargetAddress.ForbiddenTargetException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls webhooks: at the address that was checked and no other, without following redirects, and
 * for a bounded time. Used on one event loop.
 */
final class Webhook {

  private static final int MAX_BODY = 64 << 10;
  private static final int MAX_CONNECTIONS = 16;
  private static final int MOST_LOOKUPS = 4;

  private final Vertx vertx;
  private final boolean privateTargets;
  private final long timeoutMillis;
  private final HttpClient client;
  private final WorkerExecutor lookups;
  private final Map<String, Future<InetAddress>> lookingUp = new HashMap<>();

  Webhook(Vertx vertx, boolean privateTargets, Duration timeout) {
    this.vertx = vertx;
    this.privateTargets = privateTargets;
    this.timeoutMillis = timeout.toMillis();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) timeoutMillis).setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(1000));
    this.lookups = vertx.createSharedWorkerExecutor("carillon-lookup", MOST_LOOKUPS);
  }

  /** Calls a webhook; the future never fails. */
  Future<WebhookAnswer> call(
      HttpMethod method, URI target, Map<String, String> headers, Buffer body) {
    return find(target.getHost())
        .compose(address -> call(method, target, address, headers, body))
        .otherwise(Webhook::failed);
  }

  private Future<InetAddress> find(String host) {
    InetAddress literal = TargetAddress.literal(host);
    if (literal != null) {
      try {
        return Future.succeededFuture(TargetAddress.checked(privateTargets, literal));
      } catch (ForbiddenTargetException e) {
        return Future.failedFuture(e);
      }
    }
    return lookUp(host)
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .recover(e -> Future.failedFuture(e instanceof TimeoutException ? unknown(host) : e));
  }

  /** Looks a name up, on a thread that nothing else needs; once for all that ask meanwhile. */
  private Future<InetAddress> lookUp(String host) {
    Future<InetAddress> known = lookingUp.get(host);
    if (known != null) {
      return known;
    }
    Future<InetAddress> found =
        lookups.executeBlocking(() -> TargetAddress.resolve(host, privateTargets), false);
    lookingUp.put(host, found);
    return found.onComplete(done -> lookingUp.remove(host));
  }

  private Future<WebhookAnswer> call(
      HttpMethod method,
      URI target,
      InetAddress address,
      Map<String, String> headers,
      Buffer body) {
    boolean tls = "https".equalsIgnoreCase(target.getScheme());
    int port = target.getPort() < 0 ? (tls ? 443 : 80) : target.getPort();
    String path =
        target.getRawPath() == null || target.getRawPath().isEmpty() ? "/" : target.getRawPath();
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
            .setHost(target.getHost())
            .setPort(port)
            .setSsl(tls)
            .setFollowRedirects(false)
            .setURI(target.getRawQuery() == null ? path : path + "?" + target.getRawQuery());
    headers.forEach(options::addHeader);
    Promise<WebhookAnswer> answer = Promise.promise();
    client
        .request(options)
        .onSuccess(request -> send(request, body, answer))
        .onFailure(answer::tryFail);
    return answer.future();
  }

  private void send(HttpClientRequest request, Buffer body, Promise<WebhookAnswer> answer) {
    long timer =
        vertx.setTimer(
            timeoutMillis,
            id -> {
              answer.tryComplete(WebhookAnswer.none("TimedOut"));
              request.reset();
            });
    answer.future().onComplete(ignored -> vertx.cancelTimer(timer));
    request
        .send(body)
        .onSuccess(response -> read(request, response, answer))
        .onFailure(answer::tryFail);
  }

  private static void read(
      HttpClientRequest request, HttpClientResponse response, Promise<WebhookAnswer> answer) {
    Buffer body = Buffer.buffer();
    String origin = response.getHeader("WebHook-Allowed-Origin");
    Runnable done =
        () ->
            answer.tryComplete(
                WebhookAnswer.of(
                    response.statusCode(), body.toString(), origin == null ? "" : origin));
    response.exceptionHandler(e -> done.run()); // the status is what counts
    response.endHandler(end -> done.run());
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY) {
            done.run();
            request.reset();
          } else {
            body.appendBuffer(chunk);
          }
        });
  }

  private static UnknownHostException unknown(String host) {
    return new UnknownHostException(host + " was not found in time");
  }

  private static WebhookAnswer failed(Throwable error) {
    if (error instanceof ForbiddenTargetException) {
      return WebhookAnswer.none("ForbiddenTarget");
    }
    return WebhookAnswer.none(
        error instanceof UnknownHostException ? "ResolutionError" : "SocketError");
  }
}
