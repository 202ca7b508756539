package dev.carillon.analytics;

import java.time.Instant;

/**
 * All events of a period, beside those of the period of the same length before.
 *
 * @param current the period asked for
 * @param previous the one before
 */
public record Totals(Period current, Period previous) {

  /**
   * All events of a period.
   *
   * @param from when it begins, inclusive
   * @param to when it ends, exclusive
   * @param events how many events there are
   * @param errors how many of them have an error
   * @param errorRate the share of them, 0 to 1
   * @param conversations how many conversations they belong to
   * @param p50Latency the median, in milliseconds; 0 without events
   * @param p95Latency what 95 % of the events do not exceed, in milliseconds; 0 without events
   * @param p99Latency what 99 % of the events do not exceed, in milliseconds; 0 without events
   */
  public record Period(
      Instant from,
      Instant to,
      long events,
      long errors,
      double errorRate,
      long conversations,
      double p50Latency,
      double p95Latency,
      double p99Latency) {}
}
