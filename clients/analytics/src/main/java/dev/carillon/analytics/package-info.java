/**
 * The client of the conversation analytics pipeline: {@link dev.carillon.analytics.AnalyticsClient}
 * tracks what was said and answered in conversations, corrects it, reads it back and asks how the
 * product is doing; {@link dev.carillon.analytics.EventBuffer} does the tracking in the background,
 * many events a request. Needs no library but the JDK.
 */
@NullMarked
package dev.carillon.analytics;

import org.jspecify.annotations.NullMarked;
