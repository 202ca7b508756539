package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.core.Receipt;
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

  void acknowledged() {
    acknowledged.incrementAndGet();
    progressed();
  }

  /**
   * Counts a failure and says what it was.
   *
   * @param place as a person finds the event: {@code line 17}
   * @param what the event is
   */
  void failed(String place, String what, Throwable error) {
    failed.incrementAndGet();
    progress.note(place + ": " + what + ": " + error.getMessage());
    progressed();
  }

  private void progressed() {
    progress.answered(acknowledged.get() + failed.get());
  }

  /** Counts what became of an event that was published alone. */
  @Nullable Void answered(String place, @Nullable Receipt receipt, @Nullable Throwable error) {
    if (receipt != null) {
      acknowledged();
    } else if (error != null) {
      refused(place, EventException.of(error).getMessage());
      progressed();
    }
    return null;
  }

  /** How many were acknowledged and how many failed, in the words of one kind of system. */
  String text(String how) {
    return "%s %d, failed %d".formatted(how, acknowledged.get(), failed.get());
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
