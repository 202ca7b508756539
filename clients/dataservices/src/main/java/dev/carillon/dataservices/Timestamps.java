package dev.carillon.dataservices;

import dev.carillon.core.IsoTime;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads the times that servers write. */
final class Timestamps {

  private Timestamps() {}

  /**
   * An ISO 8601 time with an offset, with {@code Z}, or with none (then UTC); null if it is none.
   */
  static @Nullable Instant isoOrNull(@Nullable String text) {
    OffsetDateTime time = text == null ? null : IsoTime.readOrNull(text.strip());
    return time == null ? null : time.toInstant();
  }
}
