package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment that a journal writes, of all that follow each other: another one begins when it is
 * full, and after it failed, since what an unsynced file holds then is not known. One thread
 * writes; how it stands is for any, and {@link #forgetUpTo} for one other.
 */
final class NewestSegment implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NewestSegment.class);

  private final Path folder;
  private final long fullBytes;
  private final OldSegments older;
  private final ByteBuffer buffer = Segment.buffer();
  private volatile Segment segment;
  private volatile @Nullable IOException failure;

  /**
   * Begins a segment.
   *
   * @param next the position of its first record
   * @param fullBytes at which size another one begins
   */
  NewestSegment(Path folder, long next, long fullBytes) throws IOException {
    this.folder = folder;
    this.fullBytes = fullBytes;
    this.older = new OldSegments(folder);
    this.segment = Segment.create(folder, next, buffer);
  }

  /** Whether it can be written, as far as is known, and a start would find it. */
  boolean isHealthy() {
    return failure == null && segment.isInPlace();
  }

  /**
   * Begins another one if this has failed.
   *
   * @param next the position of its first record
   */
  void mend(long next) throws IOException {
    if (failure != null) {
      segment = Segment.create(folder, next, buffer);
      failure = null;
      log.info("the journal can be written again");
    }
  }

  /** Writes entries and makes them durable. */
  void write(List<? extends Journal.Entry> entries) throws IOException {
    for (Journal.Entry entry : entries) {
      segment.add(entry.json());
    }
    segment.sync();
  }

  /** Writes no more to what has failed: it is left alone. */
  void fail(IOException reason) {
    if (failure == null) {
      log.error("the journal cannot be written, nothing is acknowledged", reason);
    }
    failure = reason;
    older.leaveAlone(segment.first());
    closeQuietly(segment);
  }

  /**
   * Begins another one if this is full.
   *
   * @param next the position of its first record
   */
  void rollWhenFull(long next) {
    try {
      if (segment.size() >= fullBytes) {
        Segment full = segment;
        segment = Segment.create(folder, next, buffer);
        closeQuietly(full);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Gives up the older segments that hold nothing above a position. */
  void forgetUpTo(long stored) {
    older.forgetUpTo(stored, segment.first());
  }

  @Override
  public void close() {
    closeQuietly(segment);
  }

  private static void closeQuietly(Segment segment) {
    try {
      segment.close();
    } catch (IOException e) {
      log.debug("closing a journal segment", e);
    }
  }
}
