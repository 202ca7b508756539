package dev.carillon.analytics;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much an {@link EventBuffer} holds and when it sends. Immutable.
 *
 * @param maxEvents how many events wait or are on their way at most; default 100,000
 * @param maxBytes how large they are together as JSON; default 64 MiB, in memory. With a spill
 *     folder they are on disk instead, and this bounds the folder
 * @param batchEvents how many events go into one request at most, and how many make it go at once;
 *     default 500, at most 10,000
 * @param batchBytes how large one request is at most before compression; default 4 MiB
 * @param maxAge how long an event waits for others at most; default 1 s
 * @param spill the folder that keeps events until they are accepted; null, the default, for none
 */
public record BufferPolicy(
    int maxEvents,
    long maxBytes,
    int batchEvents,
    int batchBytes,
    Duration maxAge,
    @Nullable Path spill) {

  private static final int MOST_IN_A_BATCH = 10_000;

  /** Checks the ranges. */
  public BufferPolicy {
    ClientSettings.atLeastOne("maxEvents", maxEvents);
    ClientSettings.atLeastOne("maxBytes", maxBytes);
    ClientSettings.atLeastOne("batchEvents", batchEvents);
    ClientSettings.atLeastOne("batchBytes", batchBytes);
    ClientSettings.notNegative("maxAge", maxAge.toNanos());
    if (batchEvents > MOST_IN_A_BATCH) {
      throw new IllegalArgumentException("batchEvents is above " + MOST_IN_A_BATCH);
    }
  }

  /** The policy with every default. */
  public static BufferPolicy ofDefaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link BufferPolicy}. Not thread-safe. */
  public static final class Builder {
    private int maxEvents = 100_000;
    private long maxBytes = 64L << 20;
    private int batchEvents = 500;
    private int batchBytes = 4 << 20;
    private Duration maxAge = Duration.ofSeconds(1);
    private @Nullable Path spill;

    private Builder() {}

    /** What waits or is on its way at most. */
    public Builder max(int events, long bytes) {
      maxEvents = events;
      maxBytes = bytes;
      return this;
    }

    /** What goes into one request at most. */
    public Builder batch(int events, int bytes) {
      batchEvents = events;
      batchBytes = bytes;
      return this;
    }

    /** How long an event waits for others at most. */
    public Builder maxAge(Duration value) {
      maxAge = value;
      return this;
    }

    /**
     * A folder, made if it is not there, that keeps events until they are accepted. What the
     * process leaves there, also when it is killed, is sent by the next buffer on this folder, in
     * order and under the same ids. It is not forced to the disk: a power cut may take the newest.
     * One buffer at a time uses a folder.
     */
    public Builder spill(Path folder) {
      spill = folder;
      return this;
    }

    /** The policy. */
    public BufferPolicy build() {
      return new BufferPolicy(maxEvents, maxBytes, batchEvents, batchBytes, maxAge, spill);
    }
  }
}
