package dev.carillon.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads an answer's body up to a bound, then hangs up and makes do with what came. */
final class BoundedBody implements BodySubscriber<Answer> {

  private final ResponseInfo info;
  private final int bound;
  private final long roundTripNanos;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(ResponseInfo info, int bound, long sentAtNanos) {
    this.info = info;
    this.bound = bound;
    this.roundTripNanos = System.nanoTime() - sentAtNanos;
  }

  @Override
  public CompletionStage<Answer> getBody() {
    return answer;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      // copied: the JDK's buffers may be far larger than what came in them
      byte[] part = new byte[Math.min(bound - received.size(), buffer.remaining())];
      buffer.get(part);
      received.writeBytes(part);
      if (buffer.hasRemaining()) {
        finish(true);
        if (subscription != null) {
          subscription.cancel();
        }
        return;
      }
    }
  }

  @Override
  public void onError(Throwable error) {
    answer.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    finish(false);
  }

  private void finish(boolean cut) {
    if (!answer.isDone()) {
      byte[] body = received.toByteArray();
      answer.complete(new Answer(info.statusCode(), info.headers(), body, cut, roundTripNanos));
    }
  }
}
