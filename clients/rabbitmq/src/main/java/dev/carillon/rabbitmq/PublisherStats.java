package dev.carillon.rabbitmq;

/**
 * What a publisher has done since it was made.
 *
 * @param confirmed events that the broker confirmed
 * @param failed events that ended in a failure, whichever
 * @param invalid those of the failed that were not valid
 * @param unroutable those of the failed that no queue took
 * @param resent how often an event was sent again after its connection fell, each a possible
 *     duplicate under the same id
 * @param pending events that wait or are on their way now
 */
public record PublisherStats(
    long confirmed, long failed, long invalid, long unroutable, long resent, long pending) {}
