package dev.carillon.analytics;

import java.time.LocalDate;

/**
 * The errors of one day among events of one name.
 *
 * @param date the day, UTC
 * @param eventName the name
 * @param errorCount how many events have an error
 * @param totalCount how many events there are
 */
public record ErrorCount(LocalDate date, String eventName, long errorCount, long totalCount) {}
