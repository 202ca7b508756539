package dev.carillon.hub.server;

import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnswerTooLargeException;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is asked about analytics events. A number of days means whole days by UTC, of which
 * today is the last.
 */
final class AnalyticsParameters {

  private static final int DEFAULT_DAYS = 7;
  private static final int MAX_DAYS = 3650;

  /** The minutes of the days that are asked about by default, at any time of the last day. */
  private static final int MAX_BUCKETS = DEFAULT_DAYS * 24 * 60;

  private static final int MAX_EVENTS = 10_000;

  /** Without a limit all are asked for, and whether they are too many. */
  private static final int ALL_EVENTS = AnswerTooLargeException.MAX_LINES + 1;

  private final Parameters parameters;
  private final EventNames names;
  private final Instant now = Instant.now();

  private AnalyticsParameters(Parameters parameters, EventNames names) {
    this.parameters = parameters;
    this.names = names;
  }

  static AnalyticsParameters of(RoutingContext context, EventNames names) {
    return new AnalyticsParameters(Parameters.of(context), names);
  }

  /** The event that the path names; null if no event can have such an id. */
  static @Nullable UUID idOrNull(RoutingContext context) {
    return OperationReader.uuid(String.valueOf(context.pathParam("id")));
  }

  /** The event that the path names. */
  static UUID id(RoutingContext context) {
    UUID id = idOrNull(context);
    if (id == null) {
      throw new BadRequestException(Problem.invalid("id", "is no UUID"));
    }
    return id;
  }

  /** A query of the range or the days that are given, or else of all times. */
  AnalyticsQuery ofAllTimes() {
    return parameters.text("days") == null
        ? query(parameters.time("from"), parameters.time("to"), parameters.limit())
        : ofDays();
  }

  /** A query of events, of all times or the range that is given. */
  AnalyticsQuery events() {
    int limit = parameters.number("limit", ALL_EVENTS, 1, MAX_EVENTS);
    AnalyticsQuery query = query(parameters.time("from"), parameters.time("to"), limit);
    return new AnalyticsQuery(query.from(), query.to(), query.eventName(), null, limit);
  }

  /** The event that a list goes on after; null if it begins at its beginning. */
  @Nullable UUID after() {
    String text = parameters.text("after");
    UUID id = text == null ? null : OperationReader.uuid(text);
    if (text != null && id == null) {
      parameters.wrong("after", "is no UUID");
    }
    return id;
  }

  /** A query of the range that is given, or else of the last days. */
  AnalyticsQuery ofDays() {
    int days = parameters.number("days", DEFAULT_DAYS, 1, MAX_DAYS);
    Instant from = parameters.time("from");
    Instant to = parameters.time("to");
    if (from == null) {
      Instant last = to == null ? now : to.minusMillis(1);
      from = last.truncatedTo(ChronoUnit.DAYS).minus(days - 1L, ChronoUnit.DAYS);
    }
    return query(from, to, parameters.limit());
  }

  /** As {@link #ofDays}, with an end: now, if none is given. */
  AnalyticsQuery ofDaysUpToNow() {
    AnalyticsQuery query = ofDays();
    return query.to() == null ? query.between(query.from(), now.plusMillis(1)) : query;
  }

  private AnalyticsQuery query(@Nullable Instant from, @Nullable Instant to, int limit) {
    String name = parameters.dataText("event_name");
    if (name != null && names.find(name) == null) {
      parameters.wrong("event_name", names.expected());
    }
    AnalyticsQuery query =
        new AnalyticsQuery(from, to, name, parameters.dataText("conversation_id"), limit);
    if (from != null && to != null && from.isAfter(to)) {
      parameters.wrong("to", "is before from");
    }
    return query;
  }

  /** The length of a bucket of a timeline. */
  Duration bucket(AnalyticsQuery query) {
    String text = parameters.text("bucket");
    long seconds =
        switch (text == null ? "hour" : text) {
          case "minute" -> 60;
          case "hour" -> 3600;
          case "day" -> 86_400;
          default -> secondsOf(text);
        };
    if (seconds < 1) {
      parameters.wrong("bucket", "is not minute, hour, day or a whole number of seconds");
      return Duration.ofHours(1);
    }
    Duration bucket = Duration.ofSeconds(seconds);
    Instant last = Objects.requireNonNullElse(query.to(), now).minusMillis(1);
    if (numberOf(last, bucket) - numberOf(from(query), bucket) >= MAX_BUCKETS) {
      parameters.wrong("bucket", "makes more than " + MAX_BUCKETS + " buckets of this time range");
    }
    return bucket;
  }

  /** 0 if the text is no whole number that is at least 1. */
  private static long secondsOf(@Nullable String text) {
    try {
      return Math.max(0, Integer.parseInt(String.valueOf(text)));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Buckets are numbered since 1970. */
  private static long numberOf(Instant time, Duration bucket) {
    return Math.floorDiv(time.getEpochSecond(), bucket.toSeconds());
  }

  static Instant from(AnalyticsQuery query) {
    return Objects.requireNonNull(query.from(), "a query of days has a beginning");
  }

  /** Throws what is wrong with the parameters read so far. */
  void check() {
    parameters.check();
  }
}
