package dev.carillon.analytics;

/**
 * How long the events of one conversation took.
 *
 * @param conversationId the conversation
 * @param eventCount how many events there are
 * @param p95Latency what 95 % of the events do not exceed, in milliseconds
 * @param maxLatency the slowest, in milliseconds
 * @param totalLatency all together, in milliseconds
 */
public record SlowSession(
    String conversationId,
    long eventCount,
    double p95Latency,
    double maxLatency,
    double totalLatency) {}
