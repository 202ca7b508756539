package dev.carillon.hub.eventgrid;

/**
 * Figures of all subscriptions together.
 *
 * @param waiting deliveries that failed and are tried again
 * @param dead dead letters
 * @param delivered events that arrived, since the start
 * @param failed deliveries of an event that failed, each attempt, since the start
 * @param stalled subscriptions that read no further, since too much is waiting or dead
 */
public record SubscriptionStatistics(
    long waiting, long dead, long delivered, long failed, int stalled) {}
