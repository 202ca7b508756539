package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as it is asked for, in the names that Azure has for its parts. What is left out
 * has Azure's default.
 *
 * @param name its name, unique in the hub
 * @param topic the topic whose events it wants
 * @param endpointUrl the webhook
 * @param eventDeliverySchema {@code EventGridSchema} or {@code CloudEventSchemaV1_0}
 * @param filter which events it wants
 * @param retryPolicy how long it is tried
 * @param maxEventsPerBatch how many events a request carries at most, 1 to 5,000
 * @param preferredBatchSizeInKilobytes how large a request shall be, 1 to 1,024; one event is sent
 *     however large it is
 * @param expirationTimeUtc when the subscription ends; null for never
 */
record SubscriptionRequest(
    @Nullable String name,
    @Nullable String topic,
    @Nullable String endpointUrl,
    @Nullable String eventDeliverySchema,
    @Nullable FilterRequest filter,
    @Nullable RetryRequest retryPolicy,
    @Nullable Integer maxEventsPerBatch,
    @Nullable Integer preferredBatchSizeInKilobytes,
    @Nullable Instant expirationTimeUtc) {

  /**
   * Reads a request.
   *
   * @param name the subscription's name, whatever the request says
   * @throws IllegalArgumentException saying what is wrong
   */
  static SubscriptionRequest read(String name, byte[] json) {
    try {
      ObjectNode asked = EventGridFile.MAPPER.readValue(json, ObjectNode.class);
      if (asked == null) { // of "null"
        throw new IllegalArgumentException("it is not a JSON object");
      }
      asked.put("name", name);
      return EventGridFile.MAPPER.treeToValue(asked, SubscriptionRequest.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(EventGridFile.reason(e), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Which events are wanted; all parts must match. */
  record FilterRequest(
      @Nullable String subjectBeginsWith,
      @Nullable String subjectEndsWith,
      boolean isSubjectCaseSensitive,
      @Nullable List<String> includedEventTypes,
      @Nullable List<AdvancedFilter> advancedFilters) {}

  /** How long delivery is tried. */
  record RetryRequest(
      @Nullable Integer maxDeliveryAttempts, @Nullable Integer eventTimeToLiveInMinutes) {}
}
