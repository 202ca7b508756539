package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IsoTimeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-01T12:00:00Z",
        "2026-11-01T12:00",
        "2026-11-01T12:00:00.000000",
        "2026-11-01T13:00:00+01:00",
        "2026-11-01T13:00:00+01",
        "2026-11-01T06:30:00-05:30",
        "2026-11-01t12:00:00.0z"
      })
  void readsATimeWithAnOffsetOrElseInUtc(String text) {
    OffsetDateTime time = IsoTime.readOrNull(text);
    assertThat(time).isNotNull();
    assertThat(time.toInstant()).isEqualTo(Instant.parse("2026-11-01T12:00:00Z"));
  }

  @Test
  void keepsTheOffset() {
    assertThat(IsoTime.readOrNull("2026-11-01T12:00:00.5-05:30"))
        .isEqualTo(OffsetDateTime.of(2026, 11, 1, 12, 0, 0, 500_000_000, ZoneOffset.of("-05:30")));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026-11-01",
        "2026-02-30T12:00:00Z",
        "2026-11-01T24:00:00Z",
        "2026-11-01 12:00:00Z",
        " 2026-11-01T12:00:00Z",
        "2026-11-01T12:00:00+19:00",
        "2026-11-01T13:00:00+01:00[Europe/Paris]",
        "2026-11-01T12:00:00[UTC]"
      })
  void isNullForAnythingElse(@Nullable String text) {
    assertThat(IsoTime.readOrNull(text)).isNull();
  }
}
