package dev.carillon.hub.store;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where an {@link AnalyticsWriter} gets durable operations from. Used by the writer's thread, but
 * for {@link #wakeUp}, {@link #isHealthy} and {@link #lag}.
 */
public interface OperationSource {

  /**
   * The next operations, of one or several parts of the source; those of a part follow each other
   * without a gap from call to call, but for what another writer has stored meanwhile.
   *
   * @param atMost how long to wait for some
   * @return empty if none came, or it was woken up
   */
  List<Batch> poll(Duration atMost) throws InterruptedException;

  /** Ends a wait for operations soon. Thread-safe. */
  void wakeUp();

  /** Whether somebody waits to read what was polled, so that it should be written at once. */
  boolean isWaitedFor();

  /** Whether what comes can be read now, as far as this end can tell. Thread-safe. */
  default boolean isHealthy() {
    return true;
  }

  /**
   * How many durable operations are not stored yet, as of a moment ago; empty if that is not known.
   * Thread-safe.
   */
  OptionalLong lag();

  /** How many messages that are no operations were set aside, by themselves. Thread-safe. */
  default long setAside() {
    return 0;
  }

  /** Hears that everything up to a batch's last position is stored, or set aside. */
  void stored(Batch batch);

  /**
   * Hears that the store cannot be written now; the writer goes on trying.
   *
   * @param reason what failed; null when the writer ends instead
   */
  void notStored(@Nullable Exception reason);
}
