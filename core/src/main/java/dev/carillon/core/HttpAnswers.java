package dev.carillon.core;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers to requests of the JDK's HTTP client that do not come by way of the common pool: there
 * the JDK completes its own futures, so that an application which fills that pool would not hear of
 * an answer that is there, or broke off. That there is no connection is only heard of there.
 */
public final class HttpAnswers {

  private HttpAnswers() {}

  /**
   * Sends a request.
   *
   * @param handler what is made of an answer
   * @return a future of what was made of it, completed on a thread of the HTTP client, which is not
   *     to be held up; or of the JDK's failure. Cancelling it hangs up
   * @throws RuntimeException if the request cannot even be begun
   */
  public static <T> CompletableFuture<T> send(
      HttpClient client, HttpRequest request, BodyHandler<T> handler) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    var sent =
        client.sendAsync(
            request,
            info -> {
              BodySubscriber<T> body = handler.apply(info);
              var unused =
                  body.getBody().whenComplete((made, error) -> settle(answer, made, error));
              return body;
            });
    var unusedFailure =
        sent.whenComplete(
            (response, error) -> {
              if (error != null) {
                settle(answer, null, error);
              }
            });
    var unusedEnd =
        answer.whenComplete(
            (value, error) -> {
              if (error != null) {
                sent.cancel(true);
              }
            });
    return answer;
  }

  private static <T> void settle(
      CompletableFuture<T> answer, @Nullable T made, @Nullable Throwable error) {
    if (error == null) {
      answer.complete(made);
    } else {
      answer.completeExceptionally(error);
    }
  }
}
