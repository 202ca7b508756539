package dev.carillon.analytics;

import java.time.Instant;

/**
 * Events of one name in one piece of time.
 *
 * @param bucket when it begins
 * @param eventName the name
 * @param events how many events there are
 * @param errors how many of them have an error
 * @param errorRate the share of them, 0 to 1
 * @param p50Latency the median, in milliseconds
 * @param p95Latency what 95 % of the events do not exceed, in milliseconds
 * @param p99Latency what 99 % of the events do not exceed, in milliseconds
 */
public record TimelineBucket(
    Instant bucket,
    String eventName,
    long events,
    long errors,
    double errorRate,
    double p50Latency,
    double p95Latency,
    double p99Latency) {}
