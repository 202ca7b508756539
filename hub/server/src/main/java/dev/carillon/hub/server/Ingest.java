package dev.carillon.hub.server;

import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogEntry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of received events into the log. What one event loop receives in one turn goes to the log
 * together and comes back together, so that a small request costs no thread change of its own. One
 * for each event loop; may be called by workers too.
 */
final class Ingest {

  /** Hears what became of a request's events, on the request's event loop. */
  interface Done {
    /** Called once: with null when the events are durable, else with what failed. */
    void with(@Nullable Throwable failure);
  }

  private record Waiting(List<LogEntry> entries, Done done) {}

  /** A request of so many events goes to the log alone: what it fails by is its own. */
  private static final int LARGE = 100;

  private final Context loop;
  private final EventLog events;
  private final Metrics metrics;
  private List<Waiting> turn = new ArrayList<>();

  Ingest(Vertx vertx, EventLog events, Metrics metrics) {
    this.loop = vertx.getOrCreateContext();
    this.events = events;
    this.metrics = metrics;
  }

  void append(List<LogEntry> entries, Done done) {
    if (!Context.isOnEventLoopThread()) {
      loop.runOnContext(ignored -> append(entries, done));
      return;
    }
    Waiting waiting = new Waiting(entries, done);
    if (entries.size() >= LARGE) {
      send(List.of(waiting), entries);
      return;
    }
    turn.add(waiting);
    if (turn.size() == 1) {
      loop.runOnContext(ignored -> endTurn());
    }
  }

  private void endTurn() {
    List<Waiting> group = turn;
    turn = new ArrayList<>();
    List<LogEntry> entries = new ArrayList<>(group.size());
    group.forEach(waiting -> entries.addAll(waiting.entries));
    send(group, entries);
  }

  private void send(List<Waiting> group, List<LogEntry> entries) {
    events
        .append(entries)
        .whenComplete(
            (nothing, failure) ->
                loop.runOnContext(
                    ignored -> {
                      if (failure == null) {
                        metrics.received(entries.size());
                      }
                      group.forEach(waiting -> waiting.done.with(failure));
                    }));
  }
}
