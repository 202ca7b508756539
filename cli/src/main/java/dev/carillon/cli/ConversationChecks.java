package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsEvent;
import dev.carillon.analytics.AnalyticsQuery;
import dev.carillon.analytics.ErrorCount;
import dev.carillon.analytics.TimelineBucket;
import dev.carillon.analytics.Totals;
import dev.carillon.analytics.TrackedEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks a service everything about a day, and compares each answer with the reckoning here. */
final class ConversationChecks {

  private static final int ALL = 10_000;

  private final AnalyticsClient client;
  private final ConversationDay day;
  private final ConversationFigures expected;
  private final AnalyticsQuery question = AnalyticsQuery.builder().days(2).build();
  private final AnalyticsQuery all = AnalyticsQuery.builder().limit(ALL).build();
  private final TextTable table = new TextTable();
  private boolean right = true;

  ConversationChecks(AnalyticsClient client, ConversationDay day) {
    this.client = client;
    this.day = day;
    expected = new ConversationFigures(day.remaining());
    table.add(List.of("question", "method", "expected", "answered", ""));
  }

  /** Asks everything; whether all answers are right. */
  boolean run() {
    Totals totals = client.getTotals(question);
    check("events as they are now", "getEventsByConversation", expected.events().size(), intact());
    check("deleted events", "getEvent", day.deleted().size(), gone());
    check("errors", "getErrorCounts", share(expected.errors(), expected.events().size()), errors());
    check("conversations", "getTotals", expected.conversations(), totals.current().conversations());
    check(
        "p50 / p95 / p99 ms",
        "getTotals",
        expected.percentiles(),
        ConversationFigures.percentiles(
            totals.current().p50Latency(),
            totals.current().p95Latency(),
            totals.current().p99Latency()));
    check("p95 by session and name", "getLatencyStats", latencies(), answeredLatencies());
    check("errors by session", "getTopErrorSessions", sessionErrors(), answeredSessionErrors());
    check("slowest p95 by session", "getSlowestSessions", slowest(), answeredSlowest());
    check("p95 by name", "getLatencyByName", byName(), answeredByName());
    check("events by hour", "getTimeline", expected.events().size(), timeline());
    return right;
  }

  void print(PrintWriter out) {
    table.print(out);
  }

  /** Long answers are shown by their length, and compared as a whole. */
  private void check(String what, String method, Object should, Object is) {
    boolean same = should.equals(is);
    right &= same;
    table.add(List.of(what, method, brief(should), brief(is), same ? "ok" : "WRONG"));
  }

  private static String brief(Object value) {
    return value instanceof Map<?, ?> map ? map.size() + " lines" : value.toString();
  }

  private int intact() {
    Map<String, AnalyticsEvent> stored = new TreeMap<>();
    expected
        .by(TrackedEvent::conversationId)
        .keySet()
        .forEach(
            id -> client.getEventsByConversation(id).forEach(each -> stored.put(each.id(), each)));
    long same =
        expected.events().stream()
            .filter(event -> event.equals(asTracked(stored.remove(event.id()))))
            .count();
    return (int) same - stored.size();
  }

  private static Object asTracked(@Nullable AnalyticsEvent event) {
    return event == null
        ? "nothing"
        : new TrackedEvent(
            event.id(),
            event.conversationId(),
            event.eventName(),
            event.conversationMetadata(),
            event.error(),
            event.latency(),
            event.input(),
            event.inputEmbeddings(),
            event.output(),
            event.outputEmbeddings());
  }

  private int gone() {
    return (int) day.deleted().stream().filter(id -> client.getEvent(id).isEmpty()).count();
  }

  private String errors() {
    List<ErrorCount> days = client.getErrorCounts(question);
    return share(
        days.stream().mapToLong(ErrorCount::errorCount).sum(),
        days.stream().mapToLong(ErrorCount::totalCount).sum());
  }

  private Map<String, String> latencies() {
    return texts(expected.by(event -> event.conversationId() + " " + event.eventName()));
  }

  private Map<String, String> answeredLatencies() {
    Map<String, String> answered = new TreeMap<>();
    client
        .getLatencyStats(all)
        .forEach(
            each ->
                answered.put(
                    each.conversationId() + " " + each.eventName(), text(each.p95Latency())));
    return answered;
  }

  private Map<String, String> sessionErrors() {
    Map<String, String> should = new TreeMap<>();
    expected
        .by(TrackedEvent::conversationId)
        .forEach((id, group) -> should.put(id, share(group.errors(), group.events().size())));
    return should;
  }

  private Map<String, String> answeredSessionErrors() {
    Map<String, String> answered = new TreeMap<>();
    client
        .getTopErrorSessions(all)
        .forEach(
            each ->
                answered.put(each.conversationId(), share(each.errorEvents(), each.totalEvents())));
    return answered;
  }

  private Map<String, String> slowest() {
    return texts(expected.by(TrackedEvent::conversationId));
  }

  private Map<String, String> answeredSlowest() {
    Map<String, String> answered = new TreeMap<>();
    client
        .getSlowestSessions(all)
        .forEach(each -> answered.put(each.conversationId(), text(each.p95Latency())));
    return answered;
  }

  private String byName() {
    return String.join(", ", texts(expected.by(TrackedEvent::eventName)).values());
  }

  private String answeredByName() {
    Map<String, String> answered = new TreeMap<>();
    client
        .getLatencyByName(question)
        .forEach(each -> answered.put(each.eventName(), text(each.p95Latency())));
    return String.join(", ", answered.values());
  }

  private int timeline() {
    return (int)
        client.getTimeline(Duration.ofHours(1), question).stream()
            .mapToLong(TimelineBucket::events)
            .sum();
  }

  private static Map<String, String> texts(Map<String, ConversationFigures> groups) {
    Map<String, String> texts = new TreeMap<>();
    groups.forEach((key, group) -> texts.put(key, text(group.latency(0.95))));
    return texts;
  }

  private static String share(long some, long of) {
    return some + " of " + of;
  }

  private static String text(double milliseconds) {
    return String.format(Locale.ROOT, "%.3f", milliseconds);
  }
}
