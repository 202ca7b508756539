package dev.carillon.hub.eventgrid;

import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogEntry;
import dev.carillon.hub.store.LogQuery;
import dev.carillon.hub.store.LogStats;
import dev.carillon.hub.store.Page;
import dev.carillon.hub.store.StoredEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A real log whose followers a test can watch, and hold up. */
final class ObservedLog implements EventLog {

  private final EventLog log;
  private final AtomicInteger reading = new AtomicInteger();
  private final AtomicInteger followers = new AtomicInteger();
  private final AtomicInteger grown = new AtomicInteger();
  private final AtomicLong furthest = new AtomicLong();
  private volatile Function<Page, CompletableFuture<Page>> gate =
      CompletableFuture::completedFuture;

  ObservedLog(EventLog log) {
    this.log = log;
  }

  /** What becomes of the pages that followers read. */
  void gate(Function<Page, CompletableFuture<Page>> value) {
    gate = value;
  }

  boolean isBeingRead() {
    return reading.get() > 0;
  }

  /** How many are told of more. */
  int followers() {
    return followers.get();
  }

  /** How often followers were told of more. */
  int grown() {
    return grown.get();
  }

  /** The position that was read after last. */
  long furthest() {
    return furthest.get();
  }

  @Override
  public CompletableFuture<Page> follow(LogQuery query) {
    reading.incrementAndGet();
    furthest.set(query.after());
    return log.follow(query)
        .thenCompose(page -> gate.apply(page))
        .whenComplete((page, failure) -> reading.decrementAndGet());
  }

  @Override
  public Listening onGrowth(Runnable listener) {
    followers.incrementAndGet();
    Listening listening =
        log.onGrowth(
            () -> {
              listener.run();
              grown.incrementAndGet();
            });
    return () -> {
      listening.close();
      followers.decrementAndGet();
    };
  }

  @Override
  public CompletableFuture<Void> append(List<LogEntry> entries) {
    return log.append(entries);
  }

  @Override
  public CompletableFuture<Page> read(LogQuery query) {
    return log.read(query);
  }

  @Override
  public CompletableFuture<Optional<StoredEvent>> find(String id) {
    return log.find(id);
  }

  @Override
  public long end() {
    return log.end();
  }

  @Override
  public boolean isReady() {
    return log.isReady();
  }

  @Override
  public LogStats stats() {
    return log.stats();
  }

  @Override
  public void close() {
    log.close();
  }
}
