package dev.carillon.analytics;

/**
 * How long events of one name took in one conversation.
 *
 * @param conversationId the conversation
 * @param eventName the name
 * @param p95Latency what 95 % of the events do not exceed, in milliseconds
 * @param eventCount how many events there are
 */
public record LatencyStats(
    String conversationId, String eventName, double p95Latency, long eventCount) {}
