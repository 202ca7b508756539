package dev.carillon.eventgrid;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.rest.Response;
import com.azure.core.util.BinaryData;
import com.azure.messaging.eventgrid.EventGridPublisherAsyncClient;
import com.azure.messaging.eventgrid.EventGridPublisherClientBuilder;
import dev.carillon.core.Guarantee;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Requests to one topic through Azure's SDK, one attempt each: retrying is for a policy around the
 * sink, and the SDK's own would multiply with it. Events go in as they were encoded, which the SDK
 * calls custom events.
 */
final class TopicRequests {

  private static final HttpHeaderName DURABLE = HttpHeaderName.fromString("Carillon-Durable");
  private static final String CLOUD_EVENTS = "application/cloudevents-batch+json; charset=utf-8";

  private final EventGridPublisherAsyncClient<BinaryData> publisher;
  private final Failures failures;
  private final Duration timeout;

  TopicRequests(EventGridTopicConfig topic, EventGridCredential credential, SinkSettings settings) {
    EventGridPublisherClientBuilder builder =
        new EventGridPublisherClientBuilder()
            .endpoint(topic.endpoint())
            .httpClient(new JdkTransport(settings.httpClient(), settings.requestTimeout()))
            .retryPolicy(new RetryPolicy(new NoRetries()));
    credential.applyTo(builder, topic.endpoint());
    if (topic.schema() == EventGridSchema.CLOUD_EVENTS) {
      builder.addPolicy(
          (context, next) -> {
            context.getHttpRequest().setHeader(HttpHeaderName.CONTENT_TYPE, CLOUD_EVENTS);
            return next.process();
          });
    }
    publisher = builder.buildCustomEventPublisherAsyncClient();
    failures = new Failures(topic.name(), settings.clock());
    timeout = settings.requestTimeout();
  }

  /** Posts events; the future is of how far they got, or fails as {@link Failures} says. */
  CompletableFuture<Guarantee> post(List<BinaryData> events) {
    return publisher
        .sendEventsWithResponse(events)
        .timeout(timeout)
        .onErrorMap(failures::of)
        .toFuture()
        .thenApply(TopicRequests::guarantee);
  }

  private static Guarantee guarantee(Response<Void> answer) {
    return "true".equals(answer.getHeaders().getValue(DURABLE))
        ? Guarantee.STORED
        : Guarantee.ACKNOWLEDGED;
  }
}
