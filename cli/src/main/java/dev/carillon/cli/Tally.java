package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsException;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Receipt;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what became of events and names every one that was tried and failed. Thread-safe. */
final class Tally {

  /** So many without an answer since the last that had one, and nobody is there any more. */
  private static final int MOST_UNANSWERED = 1_000;

  private final Progress progress;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong untried = new AtomicLong();
  private volatile boolean answered;

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
    answered();
    progressed();
  }

  /**
   * Counts a failure and says what it was.
   *
   * @param place as a person finds the event: {@code line 17}
   * @param what the event is
   */
  void failed(String place, String what, Throwable error) {
    failed(place + ": " + what, error);
  }

  private void failed(String event, Throwable error) {
    if (isUnanswered(error)) {
      unanswered.incrementAndGet();
    } else if (isRefusal(error)) {
      answered();
    }
    refused(event, error.getMessage());
    progressed();
  }

  private static boolean isUnanswered(Throwable error) {
    return error instanceof EventConnectionException
        || error instanceof EventTimeoutException
        || (error instanceof AnalyticsException failure
            && failure.status() == 0
            && failure.isRetryable());
  }

  private static boolean isRefusal(Throwable error) {
    return error instanceof EventRejectedException
        || (error instanceof AnalyticsException failure && failure.status() != 0);
  }

  private void answered() {
    answered = true;
    unanswered.set(0);
  }

  /** Whether somebody is there: an event was acknowledged, or refused by the other side. */
  boolean isAnswered() {
    return answered;
  }

  /** Says that nobody is there, which is known before an event is tried. */
  void unreachable(EventConnectionException error) {
    unanswered.incrementAndGet();
    progress.note(String.valueOf(error.getMessage()));
  }

  /**
   * Whether it is no use to try more: nobody answers, or not any more. At first one event tells.
   */
  boolean isUnreachable() {
    return unanswered.get() >= (answered ? MOST_UNANSWERED : 1);
  }

  /**
   * Says that the rest was not tried.
   *
   * @param events so many; 0 if that is not known
   */
  void untried(String place, long events) {
    untried.addAndGet(events);
    progress.note(
        place
            + ": from here on nothing was tried, since nothing gets through"
            + (events == 0 ? "" : " (" + events + " events)"));
  }

  private void progressed() {
    progress.answered(acknowledged.get() + failed.get());
  }

  /** Counts what became of an event that was published alone. */
  @Nullable Void answered(String place, @Nullable Receipt receipt, @Nullable Throwable error) {
    if (receipt != null) {
      acknowledged();
    } else if (error != null) {
      failed(place, EventException.of(error));
    }
    return null;
  }

  /** How many were acknowledged and how many failed, in the words of one kind of system. */
  String text(String how) {
    String rest = untried.get() == 0 ? "" : ", not tried " + untried.get();
    return "%s %d, failed %d".formatted(how, acknowledged.get(), failed.get()) + rest;
  }

  boolean hasFailures() {
    return failed.get() > 0 || isUnreachable();
  }

  @Override
  public String toString() {
    return "sent %d, ".formatted(sent.get()) + text("acknowledged");
  }
}
