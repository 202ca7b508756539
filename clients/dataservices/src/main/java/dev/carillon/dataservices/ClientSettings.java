package dev.carillon.dataservices;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a client was built with. */
record ClientSettings(
    Supplier<String> baseUrl,
    @Nullable HttpClient httpClient,
    Map<String, String> headers,
    @Nullable Supplier<@Nullable String> traceparent,
    FieldNaming naming,
    Duration requestTimeout,
    Duration connectTimeout,
    Duration pendingTimeout,
    Duration closeTimeout,
    int maxInFlight,
    int maxPending,
    long maxPendingBytes,
    int maxEventBytes,
    int maxBatchEvents,
    int maxBatchBytes,
    int compressFrom,
    Clock clock) {

  /** No body is as large as this, so none is compressed. */
  static final int NEVER_COMPRESS = Integer.MAX_VALUE;

  ClientSettings {
    headers = Map.copyOf(headers);
    positive("requestTimeout", requestTimeout);
    positive("connectTimeout", connectTimeout);
    positive("pendingTimeout", pendingTimeout);
    if (closeTimeout.isNegative()) {
      throw new IllegalArgumentException("closeTimeout is negative: " + closeTimeout);
    }
    atLeastOne("maxInFlight", maxInFlight);
    atLeastOne("maxEventBytes", maxEventBytes);
    atLeastOne("maxBatchEvents", maxBatchEvents);
    atLeastOne("maxBatchBytes", maxBatchBytes);
    if (maxPending < 0 || maxPendingBytes < 0) {
      throw new IllegalArgumentException("the pending bounds must not be negative");
    }
    if (compressFrom < 0) {
      throw new IllegalArgumentException("compressFrom is negative: " + compressFrom);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is not above zero: " + value);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is below 1: " + value);
    }
  }
}
