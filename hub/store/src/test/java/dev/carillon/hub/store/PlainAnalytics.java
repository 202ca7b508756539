package dev.carillon.hub.store;

import dev.carillon.hub.store.AnalyticsStore.Bucket;
import dev.carillon.hub.store.AnalyticsStore.ErrorDay;
import dev.carillon.hub.store.AnalyticsStore.NameLatency;
import dev.carillon.hub.store.AnalyticsStore.Percentiles;
import dev.carillon.hub.store.AnalyticsStore.SessionErrors;
import dev.carillon.hub.store.AnalyticsStore.SessionLatency;
import dev.carillon.hub.store.AnalyticsStore.SlowSession;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The same answers, worked out plainly in memory. */
final class PlainAnalytics {

  /** An event as it should be. */
  record Event(
      UUID id,
      Instant created,
      String conversation,
      String name,
      boolean failed,
      double latency,
      String input) {}

  private static final class Draft {
    @Nullable Instant created;
    @Nullable String conversation;
    @Nullable String name;
    @Nullable Boolean failed;
    @Nullable Double latency;
    @Nullable String input;
  }

  private final Map<UUID, Draft> drafts = new HashMap<>();
  private final Set<UUID> deleted = new HashSet<>();

  void apply(Operation operation) {
    UUID id = operation.eventId();
    if (deleted.contains(id)) {
      return;
    }
    EventFields fields = operation.fields();
    Draft draft = drafts.computeIfAbsent(id, key -> new Draft());
    switch (operation.kind()) {
      case CREATE -> {
        if (draft.created == null) {
          draft.created = operation.at();
          put(draft, fields, false);
        }
      }
      case UPDATE -> put(draft, fields, true);
      case DELETE -> deleted.add(id);
    }
  }

  private static void put(Draft draft, EventFields fields, boolean over) {
    EventFields.Values values = fields.values();
    if (fields.conversationId() != null && (over || draft.conversation == null)) {
      draft.conversation = fields.conversationId();
    }
    if (fields.eventName() != null && (over || draft.name == null)) {
      draft.name = fields.eventName();
    }
    if (fields.failed() != null && (over || draft.failed == null)) {
      draft.failed = fields.failed();
    }
    if (fields.latency() != null && (over || draft.latency == null)) {
      draft.latency = fields.latency();
    }
    if (!values.input().isEmpty() && (over || draft.input == null)) {
      draft.input = values.input();
    }
  }

  List<Event> events(AnalyticsQuery query) {
    List<Event> live = new ArrayList<>();
    drafts.forEach(
        (id, draft) -> {
          if (draft.created != null
              && draft.conversation != null
              && draft.name != null
              && !deleted.contains(id)
              && (query.from() == null || !draft.created.isBefore(query.from()))
              && (query.to() == null || draft.created.isBefore(query.to()))
              && (query.eventName() == null || query.eventName().equals(draft.name))
              && (query.conversationId() == null
                  || query.conversationId().equals(draft.conversation))) {
            live.add(
                new Event(
                    id,
                    draft.created,
                    draft.conversation,
                    draft.name,
                    draft.failed != null && draft.failed,
                    draft.latency == null ? 0 : draft.latency,
                    draft.input == null ? "" : draft.input));
          }
        });
    live.sort(Comparator.comparing(Event::created).thenComparing(event -> event.id().toString()));
    return live;
  }

  List<ErrorDay> errors(AnalyticsQuery query) {
    List<ErrorDay> days = new ArrayList<>();
    groups(query, event -> day(event) + " " + event.name)
        .forEach(
            (key, events) ->
                days.add(
                    new ErrorDay(
                        day(events.get(0)), events.get(0).name, errors(events), events.size())));
    return days;
  }

  private static LocalDate day(Event event) {
    return event.created.atZone(ZoneOffset.UTC).toLocalDate();
  }

  List<SessionLatency> latency(AnalyticsQuery query) {
    List<SessionLatency> found = new ArrayList<>();
    groups(query, event -> event.conversation + " " + event.name)
        .values()
        .forEach(
            events ->
                found.add(
                    new SessionLatency(
                        events.get(0).conversation,
                        events.get(0).name,
                        percentile(events, 0.95),
                        events.size())));
    found.sort(
        Comparator.comparingDouble(SessionLatency::p95Latency)
            .reversed()
            .thenComparing(SessionLatency::conversationId)
            .thenComparing(SessionLatency::eventName));
    return found.subList(0, Math.min(query.limit(), found.size()));
  }

  List<SessionErrors> topErrors(AnalyticsQuery query) {
    List<SessionErrors> found = new ArrayList<>();
    groups(query, Event::conversation)
        .forEach((key, events) -> found.add(new SessionErrors(key, events.size(), errors(events))));
    found.sort(
        Comparator.comparingDouble(SessionErrors::errorRate)
            .thenComparing(SessionErrors::totalEvents)
            .reversed()
            .thenComparing(SessionErrors::conversationId));
    return found.subList(0, Math.min(query.limit(), found.size()));
  }

  List<SlowSession> slowest(AnalyticsQuery query) {
    List<SlowSession> found = new ArrayList<>();
    groups(query, Event::conversation)
        .forEach(
            (key, events) ->
                found.add(
                    new SlowSession(
                        key,
                        events.size(),
                        percentile(events, 0.95),
                        events.stream().mapToDouble(Event::latency).max().orElseThrow(),
                        events.stream().mapToDouble(Event::latency).sum())));
    found.sort(
        Comparator.comparingDouble(SlowSession::p95Latency)
            .reversed()
            .thenComparing(SlowSession::conversationId));
    return found.subList(0, Math.min(query.limit(), found.size()));
  }

  List<NameLatency> latencyByName(AnalyticsQuery query) {
    List<NameLatency> found = new ArrayList<>();
    groups(query, Event::name)
        .forEach(
            (key, events) ->
                found.add(
                    new NameLatency(
                        key,
                        events.size(),
                        percentiles(events),
                        events.stream().mapToDouble(Event::latency).max().orElseThrow())));
    return found;
  }

  List<Bucket> timeline(AnalyticsQuery query, Duration bucket) {
    long seconds = bucket.toSeconds();
    List<Bucket> found = new ArrayList<>();
    groups(
            query,
            event -> "%020d %s".formatted(event.created.getEpochSecond() / seconds, event.name))
        .forEach(
            (key, events) ->
                found.add(
                    new Bucket(
                        Instant.ofEpochSecond(
                            events.get(0).created.getEpochSecond() / seconds * seconds),
                        events.get(0).name,
                        events.size(),
                        errors(events),
                        percentiles(events))));
    return found;
  }

  Totals totals(AnalyticsQuery query) {
    List<Event> events = events(query);
    return new Totals(
        events.size(),
        errors(events),
        events.stream().map(Event::conversation).distinct().count(),
        percentiles(events));
  }

  private Map<String, List<Event>> groups(AnalyticsQuery query, Function<Event, String> key) {
    Map<String, List<Event>> groups = new TreeMap<>();
    events(query)
        .forEach(
            event ->
                groups.computeIfAbsent(key.apply(event), name -> new ArrayList<>()).add(event));
    return groups;
  }

  private static long errors(List<Event> events) {
    return events.stream().filter(Event::failed).count();
  }

  private static Percentiles percentiles(List<Event> events) {
    return new Percentiles(
        percentile(events, 0.5), percentile(events, 0.95), percentile(events, 0.99));
  }

  private static double percentile(List<Event> events, double share) {
    if (events.isEmpty()) {
      return 0;
    }
    double[] sorted = events.stream().mapToDouble(Event::latency).sorted().toArray();
    double place = (sorted.length - 1) * share;
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
