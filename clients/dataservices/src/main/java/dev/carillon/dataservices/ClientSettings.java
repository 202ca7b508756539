package dev.carillon.dataservices;

import dev.carillon.core.Ranges;
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
    Map<String, Supplier<String>> headers,
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
    Ranges.positive("requestTimeout", requestTimeout);
    Ranges.positive("connectTimeout", connectTimeout);
    Ranges.positive("pendingTimeout", pendingTimeout);
    Ranges.notNegative("closeTimeout", closeTimeout);
    Ranges.atLeast("maxInFlight", maxInFlight, 1);
    Ranges.atLeast("maxEventBytes", maxEventBytes, 1);
    Ranges.atLeast("maxBatchEvents", maxBatchEvents, 1);
    Ranges.atLeast("maxBatchBytes", maxBatchBytes, 1);
    Ranges.notNegative("maxPending", maxPending);
    Ranges.notNegative("maxPendingBytes", maxPendingBytes);
    Ranges.notNegative("compressFrom", compressFrom);
  }
}
