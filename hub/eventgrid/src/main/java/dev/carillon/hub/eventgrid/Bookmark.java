package dev.carillon.hub.eventgrid;

import dev.carillon.hub.store.LogQuery;
import dev.carillon.hub.store.Page;

/**
 * How far a courier has read the log, and whether there may be more. Pages grow until one is more
 * than there is room for. Used on one event loop.
 */
final class Bookmark {

  private static final int LEAST = 8;

  private final int most;
  private long position;
  private int pageSize = LEAST;
  private boolean reading;
  private boolean again;
  private boolean caughtUp;

  /**
   * @param most how many events to read at once
   */
  Bookmark(int most) {
    this.most = most;
  }

  /** Begins behind a position. */
  void startAfter(long begin) {
    position = begin;
  }

  /** The position up to which the log is read. */
  long position() {
    return position;
  }

  /** Whether to read on: nobody does, and there may be more. */
  boolean isToRead() {
    return !reading && !caughtUp;
  }

  boolean isCaughtUp() {
    return caughtUp;
  }

  /** There may be more. */
  void grown() {
    again = true; // a read under way may have looked before
    caughtUp = false;
  }

  /** What to read now, which is under way until it has {@link #arrived}. */
  LogQuery next() {
    reading = true;
    again = false;
    return LogQuery.builder().after(position).limit(pageSize).build();
  }

  void arrived() {
    reading = false;
  }

  /** Nothing could be read, and nothing is until there is said to be more. */
  void failed() {
    caughtUp = true;
  }

  /**
   * Moves on behind what was taken of a page.
   *
   * @return whether that is further than before
   */
  boolean move(Page page, int taken) {
    boolean cut = taken < page.events().size();
    pageSize = cut ? Math.max(LEAST, taken) : Math.min(most, pageSize * 2);
    long next = !cut ? page.next() : taken == 0 ? 0 : page.events().get(taken - 1).position();
    boolean further = next > position;
    caughtUp = !cut && !again && !page.full() && !further;
    position = Math.max(position, next);
    return further;
  }
}
