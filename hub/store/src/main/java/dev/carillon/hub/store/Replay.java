package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the journal again, a stretch at a time. */
final class Replay {

  private static final int MAX_RECORD = 8 << 20;
  private static final int STRETCH = 8192;

  /** Takes a stretch of events; what it throws ends the replay. */
  interface Taker {
    void take(long first, List<LogEntry> entries) throws IOException;
  }

  private Replay() {}

  /**
   * Hands over the events between two positions, in order.
   *
   * @param after the position before the first
   * @param upTo the last position, inclusive
   * @return the last position that the journal holds up to there; {@code after} if it holds none
   */
  static long run(Path journal, long after, long upTo, Taker taker) throws IOException {
    long last = after;
    List<Path> segments = Segment.list(journal);
    for (int i = 0; i < segments.size(); i++) {
      boolean isLast = i + 1 == segments.size();
      // A segment ends where the next begins: what is behind that was never acknowledged.
      long end = isLast ? Long.MAX_VALUE : Segment.firstOf(segments.get(i + 1)) - 1;
      if (end > after) {
        last = Math.max(last, segment(segments.get(i), after, Math.min(end, upTo), taker));
      }
    }
    return last;
  }

  private static long segment(Path segment, long after, long upTo, Taker taker) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    long last = 0;
    try (Segment.Reader records = new Segment.Reader(segment, MAX_RECORD)) {
      byte[] json = records.next();
      while (json != null && records.position() <= upTo) {
        last = records.position();
        if (last > after) {
          entries.add(LogEntry.of(json));
        }
        if (entries.size() == STRETCH) {
          taker.take(last - STRETCH + 1, entries);
          entries = new ArrayList<>();
        }
        json = records.next();
      }
    }
    if (!entries.isEmpty()) {
      taker.take(last - entries.size() + 1, entries);
    }
    return last;
  }
}
