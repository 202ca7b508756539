package dev.carillon.hub.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a writer has polled and not yet written, source by source. Not thread-safe. */
final class Gathering {

  private final AnalyticsWriter.Settings settings;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private long begun;
  private long weight;
  private long bytes;

  private static final class Part {
    private final List<Batch.Placed> operations = new ArrayList<>();
    private long last;
  }

  Gathering(AnalyticsWriter.Settings settings) {
    this.settings = settings;
  }

  void add(Batch batch) {
    if (isEmpty()) {
      begun = System.nanoTime();
    }
    Part part = parts.computeIfAbsent(batch.source(), source -> new Part());
    part.operations.addAll(batch.operations());
    part.last = batch.last();
    for (Batch.Placed placed : batch.operations()) {
      weight += placed.operation().kind() == Operation.Kind.CREATE ? 1 : settings.updateWeight();
      bytes += placed.operation().fields().json().length;
    }
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Whether it is large or old enough to be written. */
  boolean isDue() {
    return weight >= settings.maxOperations()
        || bytes >= settings.maxBytes()
        || untilDue().isZero();
  }

  /** How long it takes to be old enough, from now on if it is empty. */
  Duration untilDue() {
    long age = isEmpty() ? 0 : System.nanoTime() - begun;
    return Duration.ofNanos(Math.max(0, settings.maxAge().toNanos() - age));
  }

  /** One batch for each source. */
  List<Batch> parts() {
    List<Batch> batches = new ArrayList<>(parts.size());
    parts.forEach((source, part) -> batches.add(new Batch(source, part.operations, part.last)));
    return batches;
  }

  void clear() {
    parts.clear();
    weight = 0;
    bytes = 0;
  }
}
