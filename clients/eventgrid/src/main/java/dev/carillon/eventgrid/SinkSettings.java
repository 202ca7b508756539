package dev.carillon.eventgrid;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;

/** How a sink works, checked. */
record SinkSettings(
    HttpClient httpClient,
    Duration requestTimeout,
    Duration pendingTimeout,
    Duration closeTimeout,
    int maxInFlight,
    int maxPending,
    long maxPendingBytes,
    InstantSource clock) {

  static final int MAX_EVENTS = 5_000;
  static final int MAX_BYTES = 1 << 20;

  SinkSettings {
    positive("requestTimeout", requestTimeout);
    positive("pendingTimeout", pendingTimeout);
    if (closeTimeout.isNegative()) {
      throw new IllegalArgumentException("closeTimeout is negative: " + closeTimeout);
    }
    if (maxInFlight < 1 || maxPending < 0 || maxPendingBytes < 0) {
      throw new IllegalArgumentException("maxInFlight is below 1, or maxPending below 0");
    }
  }

  private static void positive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + duration);
    }
  }
}
