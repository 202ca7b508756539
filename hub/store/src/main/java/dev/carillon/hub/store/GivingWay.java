package dev.carillon.hub.store;

/**
 * Has a thread let others go first now and then. Linux lets a thread that is at work go on for
 * milliseconds, though one has woken up for which dozens of callers wait. Used by one thread.
 */
final class GivingWay {

  private static final int ROWS = 16; // which take some tens of microseconds

  private int rows;
  private long due = System.nanoTime();

  /** Gives way once in so many rows. */
  void afterRow() {
    if (++rows % ROWS == 0) {
      giveWay();
    }
  }

  /** Gives way, and then not for as long as that took: nobody is kept from working. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint, on which nothing depends
  void giveWay() {
    long before = System.nanoTime();
    if (before - due >= 0) {
      Thread.yield();
      long after = System.nanoTime();
      due = after + (after - before);
    }
  }
}
