package dev.carillon.hub.store;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.util.UUID;

/**
 * The ids of events that came without one: UUIDs of version 7 (RFC 9562) whose first random bits
 * are always the same. Ordered by time, they compress well in the store. An id that does not look
 * so cannot be one of them, so none of them need be remembered while the hub runs. Thread-safe.
 */
final class HubIds {

  private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochGenerator();
  private static final long MARK = 0xca7;
  private static final String VERSION_AND_MARK = "7ca7";
  private static final int PLACE = 14;
  private static final int LENGTH = 36;

  private HubIds() {}

  static String next() {
    UUID id = GENERATOR.generate();
    long first = (id.getMostSignificantBits() & ~0xfffL) | MARK;
    return new UUID(first, id.getLeastSignificantBits()).toString();
  }

  /** Whether an id looks as if a hub had made it, this one or another. */
  static boolean looksLikeOne(String id) {
    return id.length() == LENGTH && id.startsWith(VERSION_AND_MARK, PLACE);
  }
}
