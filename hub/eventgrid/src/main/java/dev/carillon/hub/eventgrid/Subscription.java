package dev.carillon.hub.eventgrid;

import dev.carillon.hub.eventgrid.SubscriptionRequest.FilterRequest;
import dev.carillon.hub.eventgrid.SubscriptionRequest.RetryRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that was checked, with every default filled in.
 *
 * @param name its name
 * @param topic the topic whose events it wants
 * @param endpoint the webhook
 * @param cloudEvents whether it wants CloudEvents rather than Event Grid's own schema
 * @param filter which events it wants
 * @param maxAttempts how often an event is tried at most
 * @param timeToLive how long an event is tried at most
 * @param maxEvents how many events a request carries at most
 * @param preferredBytes how large a request of several events may be
 * @param expiry when it ends; null for never
 */
record Subscription(
    String name,
    String topic,
    URI endpoint,
    boolean cloudEvents,
    DeliveryFilter filter,
    int maxAttempts,
    Duration timeToLive,
    int maxEvents,
    int preferredBytes,
    @Nullable Instant expiry) {

  static final int MOST_ATTEMPTS = 30;
  static final int MOST_MINUTES = 1440;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{3,64}");

  /**
   * Checks a request.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static Subscription of(SubscriptionRequest request, boolean privateTargets) {
    String name = request.name();
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name must be 3 to 64 letters, digits and hyphens");
    }
    String topic = request.topic();
    if (topic == null || topic.isBlank()) {
      throw new IllegalArgumentException("topic is missing");
    }
    String schema = request.eventDeliverySchema();
    boolean cloudEvents = "CloudEventSchemaV1_0".equals(schema);
    if (schema != null && !cloudEvents && !schema.equals("EventGridSchema")) {
      throw new IllegalArgumentException(
          "eventDeliverySchema is neither EventGridSchema nor CloudEventSchemaV1_0");
    }
    FilterRequest filter = request.filter();
    RetryRequest retry = request.retryPolicy();
    return new Subscription(
        name,
        topic,
        endpoint(request.endpointUrl(), privateTargets),
        cloudEvents,
        DeliveryFilter.of(filter),
        within(
            "retryPolicy.maxDeliveryAttempts",
            retry == null ? null : retry.maxDeliveryAttempts(),
            MOST_ATTEMPTS,
            MOST_ATTEMPTS),
        Duration.ofMinutes(
            within(
                "retryPolicy.eventTimeToLiveInMinutes",
                retry == null ? null : retry.eventTimeToLiveInMinutes(),
                MOST_MINUTES,
                MOST_MINUTES)),
        within("maxEventsPerBatch", request.maxEventsPerBatch(), 1, 5000),
        within("preferredBatchSizeInKilobytes", request.preferredBatchSizeInKilobytes(), 64, 1024)
            << 10,
        request.expirationTimeUtc());
  }

  private static URI endpoint(@Nullable String url, boolean privateTargets) {
    URI endpoint;
    try {
      endpoint = URI.create(url == null ? "" : url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("endpointUrl is not a URL", e);
    }
    String scheme =
        endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
    if (endpoint.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException("endpointUrl is not an http or https URL");
    }
    if (scheme.equals("http") && !privateTargets) {
      throw new IllegalArgumentException(
          "endpointUrl is not https (the hub's flag --eventgrid-private-targets allows it)");
    }
    if (endpoint.getUserInfo() != null) {
      throw new IllegalArgumentException("endpointUrl holds credentials");
    }
    return endpoint;
  }

  private static int within(String name, @Nullable Integer given, int ifAbsent, int most) {
    if (given == null) {
      return ifAbsent;
    }
    if (given < 1 || given > most) {
      throw new IllegalArgumentException(name + " is not between 1 and " + most);
    }
    return given;
  }
}
