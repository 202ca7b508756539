package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal again, a stretch at a time. Not thread-safe.
 *
 * @param <E> what its bytes are made into
 */
final class Replay<E> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Replay.class);
  private static final int STRETCH = 8192;

  /** Entries that follow each other in the journal. */
  record Stretch<E>(long first, List<E> entries) {
    long last() {
      return first + entries.size() - 1;
    }
  }

  /** Takes a stretch of entries; what it throws ends the replay. */
  interface Taker<E> {
    void take(long first, List<E> entries) throws IOException;
  }

  private final List<Path> segments;
  private final Function<byte[], E> decoder;
  private final long after;
  private final long upTo;
  private int current = -1;
  private long end;
  private @Nullable SegmentReader records;

  /**
   * Begins to read.
   *
   * @param after the position before the first
   * @param upTo the last position, inclusive
   */
  Replay(Path journal, long after, long upTo, Function<byte[], E> decoder) throws IOException {
    this.segments = Segment.list(journal);
    this.after = after;
    this.upTo = upTo;
    this.decoder = decoder;
  }

  /**
   * Hands over the entries between two positions, in order.
   *
   * @return the last position that the journal holds up to there; {@code after} if it holds none
   */
  static <E> long run(
      Path journal, long after, long upTo, Function<byte[], E> decoder, Taker<E> taker)
      throws IOException {
    long last = after;
    try (Replay<E> replay = new Replay<>(journal, after, upTo, decoder)) {
      for (Stretch<E> stretch = replay.next(); stretch != null; stretch = replay.next()) {
        taker.take(stretch.first, stretch.entries);
        last = stretch.last();
      }
    }
    return last;
  }

  /** The position before the first that a journal can hold; 0 if there is no journal. */
  static long before(Path journal) throws IOException {
    List<Path> segments = Segment.list(journal);
    return segments.isEmpty() ? 0 : Segment.firstOf(segments.get(0)) - 1;
  }

  /**
   * The last position that a journal holds; {@code after} if it holds nothing beyond that. What of
   * its newest segment is damaged is told, and kept.
   */
  static long last(Path journal, long after) throws IOException {
    List<Path> segments = Segment.list(journal);
    if (segments.isEmpty()) {
      return after;
    }
    Path newest = segments.get(segments.size() - 1);
    try (SegmentReader records = new SegmentReader(newest)) {
      byte[] json = records.next();
      while (json != null) {
        json = records.next();
      }
      if (records.isDamaged()) {
        log.error(
            "{} is damaged: what it held from position {} on cannot be read, and is kept in {}",
            newest,
            Math.max(after, records.position()) + 1,
            Segment.keep(newest));
      }
      return Math.max(after, records.position());
    }
  }

  /** The next entries, all of one segment; null at the end. */
  @Nullable Stretch<E> next() throws IOException {
    for (SegmentReader from = open(); from != null; from = open()) {
      Stretch<E> stretch = read(from);
      if (stretch != null) {
        return stretch;
      }
    }
    return null;
  }

  private @Nullable Stretch<E> read(SegmentReader from) throws IOException {
    List<E> entries = new ArrayList<>();
    long last = 0;
    while (entries.size() < STRETCH) {
      byte[] json = from.position() < end ? from.next() : null;
      if (json == null) {
        tellOfHole(from.position());
        close();
        break;
      }
      if (from.position() > after) {
        last = from.position();
        entries.add(decoder.apply(json));
      }
    }
    return entries.isEmpty() ? null : new Stretch<>(last - entries.size() + 1, entries);
  }

  /** Only the last segment may be torn: of the others everything was acknowledged. */
  private void tellOfHole(long position) throws IOException {
    long lost = Math.max(position, after) + 1; // what is stored elsewhere is not
    if (!isLast() && lost <= end) {
      log.error(
          "{} is damaged: what it held from position {} to {} cannot be read, and is kept in {}",
          segments.get(current),
          lost,
          end,
          Segment.keep(segments.get(current)));
    }
  }

  private boolean isLast() {
    return current + 1 == segments.size();
  }

  /** The segment that is read now, or else the next; null at the end. */
  private @Nullable SegmentReader open() throws IOException {
    while (records == null && current + 1 < segments.size()) {
      current++;
      // A segment ends where the next begins: what is behind that was never acknowledged.
      long own = isLast() ? Long.MAX_VALUE : Segment.firstOf(segments.get(current + 1)) - 1;
      end = Math.min(own, upTo);
      if (own > after) {
        records = new SegmentReader(segments.get(current));
      }
    }
    return records;
  }

  @Override
  public void close() throws IOException {
    if (records != null) {
      records.close();
      records = null;
    }
  }
}
