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
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight is below 1: " + maxInFlight);
    }
    notNegative("maxPending", maxPending);
    notNegative("maxPendingBytes", maxPendingBytes);
  }

  private static void notNegative(String name, long number) {
    if (number < 0) {
      throw new IllegalArgumentException(name + " is negative: " + number);
    }
  }

  private static void positive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + duration);
    }
  }
}
