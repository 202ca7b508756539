package dev.carillon.rabbitmq;

import java.time.Duration;

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
 * @param confirmTime how long the confirmed took together, each from when it was encoded to the
 *     broker's confirm; divided by their number, what one took on average
 */
public record PublisherStats(
    long confirmed,
    long failed,
    long invalid,
    long unroutable,
    long resent,
    long pending,
    Duration confirmTime) {}
