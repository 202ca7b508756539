package dev.carillon.rabbitmq;

/**
 * What a subscriber has done since it was made.
 *
 * @param handled events whose handler returned
 * @param failed how often a handler threw
 * @param duplicates messages whose event had been handled already
 * @param skipped messages that hold no event
 * @param deadLettered messages set aside with their reason
 */
public record SubscriberStats(
    long handled, long failed, long duplicates, long skipped, long deadLettered) {}
