package dev.carillon.analytics;

/**
 * How much went wrong in one conversation.
 *
 * @param conversationId the conversation
 * @param totalEvents how many events there are
 * @param errorEvents how many of them have an error
 * @param errorRate the share of them, 0 to 1
 */
public record SessionErrors(
    String conversationId, long totalEvents, long errorEvents, double errorRate) {}
