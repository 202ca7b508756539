package dev.carillon.eventgrid;

import dev.carillon.core.Ranges;
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
    Ranges.positive("requestTimeout", requestTimeout);
    Ranges.positive("pendingTimeout", pendingTimeout);
    Ranges.notNegative("closeTimeout", closeTimeout);
    Ranges.atLeast("maxInFlight", maxInFlight, 1);
    Ranges.notNegative("maxPending", maxPending);
    Ranges.notNegative("maxPendingBytes", maxPendingBytes);
  }
}
