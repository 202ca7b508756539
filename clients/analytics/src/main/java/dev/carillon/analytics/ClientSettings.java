package dev.carillon.analytics;

import dev.carillon.http.BaseUrl;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a client was built with. */
record ClientSettings(
    BaseUrl baseUrl,
    Map<String, Supplier<String>> headers,
    @Nullable SSLContext sslContext,
    Duration timeout,
    Duration connectTimeout,
    int maxRetries,
    Duration retryDelay,
    Duration deadline,
    Duration closeTimeout,
    int maxInFlight,
    int maxPending,
    long maxPendingBytes,
    int maxEventBytes,
    int compressFrom,
    Clock clock) {

  /** No body is as large as this, so none is compressed. */
  static final int NEVER_COMPRESS = Integer.MAX_VALUE;

  ClientSettings {
    headers = Map.copyOf(headers);
    positive("timeout", timeout);
    positive("connectTimeout", connectTimeout);
    positive("deadline", deadline);
    notNegative("retryDelay", retryDelay.toNanos());
    notNegative("closeTimeout", closeTimeout.toNanos());
    notNegative("maxRetries", maxRetries);
    notNegative("maxPending", maxPending);
    notNegative("maxPendingBytes", maxPendingBytes);
    notNegative("compressFrom", compressFrom);
    atLeastOne("maxInFlight", maxInFlight);
    atLeastOne("maxEventBytes", maxEventBytes);
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is not above zero: " + value);
    }
  }

  static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
  }

  static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is below 1: " + value);
    }
  }
}
