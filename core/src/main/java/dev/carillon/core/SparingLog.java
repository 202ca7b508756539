package dev.carillon.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Warns of what may happen very often: one line a second at most, which says how many there were
 * since the last, so that a peer that is down does not fill the disk. The others are in the log at
 * debug. Control characters, which what comes from strangers may hold, are left out. Thread-safe.
 */
public final class SparingLog {

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private final Logger log;
  private final AtomicLong nextLine = new AtomicLong(System.nanoTime());
  private final AtomicLong silent = new AtomicLong();

  /** Creates a log that writes its lines to another. */
  public SparingLog(Logger log) {
    this.log = log;
  }

  /** Warns, or counts the line for the next warning. */
  public void warn(String line) {
    long now = System.nanoTime();
    long due = nextLine.get();
    if (now - due >= 0 && nextLine.compareAndSet(due, now + PAUSE)) {
      long more = silent.getAndSet(0);
      log.warn("{}{}", printable(line), more == 0 ? "" : ", and " + more + " others before it");
    } else {
      silent.incrementAndGet();
      if (log.isDebugEnabled()) {
        log.debug("{}", printable(line));
      }
    }
  }

  private static String printable(String line) {
    return CONTROL.matcher(line).replaceAll(" ");
  }
}
