package dev.carillon.analytics;

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
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(ResponseInfo info, int bound) {
    this.info = info;
    this.bound = bound;
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
      byte[] part = new byte[Math.min(bound - bytes.size(), buffer.remaining())];
      buffer.get(part);
      bytes.write(part, 0, part.length);
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
      answer.complete(new Answer(info.statusCode(), info.headers(), bytes.toByteArray(), cut));
    }
  }
}
