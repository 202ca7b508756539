package dev.carillon.hub.bus;

import dev.carillon.hub.bus.BusStatistics.Traffic;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** A proxy's counters. Thread-safe. */
final class Figures {

  private static final int MOST_TOPICS = 10_000;

  private record Counts(LongAdder messages, LongAdder bytes) {}

  final LongAdder overflows = new LongAdder();
  final LongAdder holds = new LongAdder();
  final LongAdder recorded = new LongAdder();
  final LongAdder unrecorded = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder acknowledged = new LongAdder();
  final LongAdder refused = new LongAdder();
  private final Counts all = new Counts(new LongAdder(), new LongAdder());
  private final Map<String, Counts> topics = new ConcurrentHashMap<>();

  void passed(String topic, long bytes) {
    add(all, bytes);
    Counts known = topics.get(topic);
    if (known == null && topics.size() < MOST_TOPICS) {
      known = topics.computeIfAbsent(topic, any -> new Counts(new LongAdder(), new LongAdder()));
    }
    if (known != null) {
      add(known, bytes);
    }
  }

  private static void add(Counts counts, long bytes) {
    counts.messages.increment();
    counts.bytes.add(bytes);
  }

  BusStatistics snapshot(SortedSet<String> subscriptions, long refusedSubscriptions) {
    Map<String, Traffic> byTopic = new HashMap<>();
    topics.forEach(
        (topic, counts) ->
            byTopic.put(topic, new Traffic(counts.messages.sum(), counts.bytes.sum())));
    return new BusStatistics(
        all.messages.sum(),
        all.bytes.sum(),
        overflows.sum(),
        holds.sum(),
        recorded.sum(),
        unrecorded.sum(),
        malformed.sum(),
        acknowledged.sum(),
        refused.sum(),
        subscriptions,
        refusedSubscriptions,
        Map.copyOf(byTopic));
  }
}
