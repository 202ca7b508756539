package dev.carillon.rabbitmq;

import dev.carillon.core.EventException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why events failed whose publisher only hears false: one line a second at most, with how many
 * there were since the last, so that a broker that is down does not fill the disk. Thread-safe.
 */
final class FailureLog {

  private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong nextLine = new AtomicLong(System.nanoTime());
  private final AtomicLong silent = new AtomicLong();
  private volatile @Nullable EventException latest;

  void failed(@Nullable String type, EventException why) {
    latest = why;
    long now = System.nanoTime();
    long due = nextLine.get();
    if (now - due >= 0 && nextLine.compareAndSet(due, now + PAUSE)) {
      long more = silent.getAndSet(0);
      String others = more == 0 ? "" : ", and " + more + " others before it";
      log.warn("{} was not published: {}{}", type, why.getMessage(), others);
    } else {
      silent.incrementAndGet();
      log.debug("{} was not published: {}", type, why.getMessage());
    }
  }

  Optional<EventException> latest() {
    return Optional.ofNullable(latest);
  }
}
