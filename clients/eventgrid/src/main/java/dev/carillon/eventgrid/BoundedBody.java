package dev.carillon.eventgrid;

import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** Keeps the first 64 KiB of an answer's body, and reads past the rest. */
final class BoundedBody implements Subscriber<List<ByteBuffer>> {

  private static final int MAX_BYTES = 64 << 10;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(256);

  private BoundedBody() {}

  /** Makes an answer of what was kept. */
  static BodySubscriber<HttpResponse> answering(HttpRequest request, ResponseInfo info) {
    return BodySubscribers.fromSubscriber(
        new BoundedBody(), body -> new JdkAnswer(request, info, body.kept.toByteArray()));
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> chunks) {
    for (ByteBuffer chunk : chunks) {
      byte[] bytes = new byte[Math.min(chunk.remaining(), MAX_BYTES - kept.size())];
      chunk.get(bytes);
      kept.writeBytes(bytes);
    }
  }

  @Override
  public void onError(Throwable error) {
    // the exchange fails with the same error
  }

  @Override
  public void onComplete() {
    // what is kept is the body
  }
}
