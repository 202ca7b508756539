package dev.carillon.cli;

import dev.carillon.core.Outcome;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what became of events and names every failed one. Thread-safe. */
final class Tally {

  private final Progress progress;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  Tally(Progress progress) {
    this.progress = progress;
  }

  /** Counts an event that never left, since it is none. */
  void refused(String place, @Nullable String reason) {
    failed.incrementAndGet();
    progress.note(place + ": " + reason);
  }

  void sent(int events) {
    sent.addAndGet(events);
  }

  /** Counts an answer. */
  void answered(NumberedMessage event, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failure) {
      failed(event, failure.error());
    } else {
      acknowledged.incrementAndGet();
    }
    progress.answered(acknowledged.get() + failed.get());
  }

  void failed(NumberedMessage event, Throwable error) {
    failed.incrementAndGet();
    String id = event.message().id() == null ? "" : " (id " + event.message().id() + ")";
    progress.note(event.place() + ": " + event.message().topic() + id + ": " + error.getMessage());
  }

  boolean hasFailures() {
    return failed.get() > 0;
  }

  @Override
  public String toString() {
    return "sent %d, acknowledged %d, failed %d"
        .formatted(sent.get(), acknowledged.get(), failed.get());
  }
}
