package dev.carillon.analytics;

/**
 * How long events of one name took.
 *
 * @param eventName the name
 * @param eventCount how many events there are
 * @param p50Latency the median, in milliseconds
 * @param p95Latency what 95 % of the events do not exceed, in milliseconds
 * @param p99Latency what 99 % of the events do not exceed, in milliseconds
 * @param maxLatency the slowest, in milliseconds
 */
public record NameLatency(
    String eventName,
    long eventCount,
    double p50Latency,
    double p95Latency,
    double p99Latency,
    double maxLatency) {}
