package dev.carillon.cli;

import dev.carillon.core.Guarantee;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The demo's result: a line for each leg, and whether nothing is missing. */
final class DemoTable {

  private static final List<String> HEAD =
      List.of(
          "client", "transport", "sent", "received", "how far", "stored", "twice", "missing", "ms");

  private final ReadBack query;
  private final ReadBack cloudEvents;
  private final TextTable table = new TextTable();
  private boolean complete = true;

  /**
   * @param query what the Data Services query returned
   * @param cloudEvents what the hub's own CloudEvents API returned
   */
  DemoTable(ReadBack query, ReadBack cloudEvents) {
    this.query = query;
    this.cloudEvents = cloudEvents;
    table.add(HEAD);
  }

  void add(DemoLeg leg, LegResult result) {
    List<String> ids = result.ids();
    long stored = Math.min(query.found(ids), cloudEvents.found(ids));
    long twice = Math.max(query.duplicates(ids), cloudEvents.duplicates(ids));
    long missing = ids.size() - stored;
    complete &= missing == 0 && twice == 0 && result.acknowledged() == ids.size();
    table.add(
        List.of(
            leg.client(),
            leg.transport(),
            String.valueOf(ids.size()),
            String.valueOf(result.acknowledged()),
            result.weakest().map(Guarantee::name).orElse("-").toLowerCase(Locale.ROOT),
            String.valueOf(stored),
            String.valueOf(twice),
            String.valueOf(missing),
            String.valueOf(result.took().toMillis())));
  }

  /** Whether every event of every leg was acknowledged and is stored exactly once. */
  boolean isComplete() {
    return complete;
  }

  void print(PrintWriter out) {
    table.print(out);
  }
}
