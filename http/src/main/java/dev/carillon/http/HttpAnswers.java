package dev.carillon.http;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Answers to requests of the JDK's HTTP client, of bounded size. They do not come by way of the
 * common pool: there the JDK completes its own futures, so that an application which fills that
 * pool would not hear of an answer that is there, or broke off. That there is no connection is only
 * heard of there.
 */
public final class HttpAnswers {

  private HttpAnswers() {}

  /**
   * Sends a request.
   *
   * @param maxBytes of the answer's body; if it is longer, its beginning is the answer, and the
   *     connection is hung up
   * @return a future of the answer, completed on a thread of the HTTP client, which is not to be
   *     held up; or of the JDK's failure. Cancelling it hangs up
   * @throws RuntimeException if the request cannot even be begun
   */
  public static CompletableFuture<Answer> send(
      HttpClient client, HttpRequest request, int maxBytes) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    long sentAt = System.nanoTime();
    var sent =
        client.sendAsync(
            request,
            info -> {
              BoundedBody body = new BoundedBody(info, maxBytes, sentAt);
              var unused =
                  body.getBody().whenComplete((received, error) -> settle(answer, received, error));
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

  /**
   * Says in words why there is no connection, which the JDK lacks for the two commonest reasons.
   *
   * @param thrown what a request failed with
   */
  public static String reasonOf(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "the host is not known";
      }
    }
    return thrown instanceof ConnectException && thrown.getMessage() == null
        ? "nobody answers there"
        : thrown.toString();
  }

  private static void settle(
      CompletableFuture<Answer> answer, @Nullable Answer received, @Nullable Throwable error) {
    if (error == null) {
      answer.complete(received);
    } else {
      Throwable cause = error instanceof CompletionException ? error.getCause() : null;
      answer.completeExceptionally(cause == null ? error : cause);
    }
  }
}
