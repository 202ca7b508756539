package dev.carillon.cli;

import dev.carillon.analytics.TrackedEvent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The figures about events that an analytics service must come to, reckoned here.
 *
 * @param events the events
 */
record ConversationFigures(Collection<TrackedEvent> events) {

  long errors() {
    return events.stream().filter(event -> !event.error().isEmpty()).count();
  }

  long conversations() {
    return events.stream().map(TrackedEvent::conversationId).distinct().count();
  }

  Map<String, ConversationFigures> by(Function<TrackedEvent, String> key) {
    Map<String, ConversationFigures> groups = new TreeMap<>();
    events.stream()
        .collect(Collectors.groupingBy(key))
        .forEach((name, group) -> groups.put(name, new ConversationFigures(group)));
    return groups;
  }

  /** What a share of the events does not exceed, in milliseconds, between the two nearest. */
  double latency(double share) {
    List<Double> sorted = events.stream().map(TrackedEvent::latency).sorted().toList();
    double place = share * (sorted.size() - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }

  /** Percentiles as text, to a microsecond. */
  static String percentiles(double p50, double p95, double p99) {
    return String.format(Locale.ROOT, "%.3f / %.3f / %.3f", p50, p95, p99);
  }

  String percentiles() {
    return percentiles(latency(0.5), latency(0.95), latency(0.99));
  }
}
