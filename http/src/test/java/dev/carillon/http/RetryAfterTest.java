package dev.carillon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-01T00:00:00Z"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7|PT7S",
        " 7 |PT7S",
        "0|PT0S",
        "Sun, 01 Nov 2026 00:01:00 GMT|PT1M",
        "Sat, 31 Oct 2026 00:00:00 GMT|PT0S",
        "soon|",
        "-1|",
        "99999999999|",
        "|"
      })
  void readsSecondsAndDates(String header, Duration expected) {
    assertThat(RetryAfter.read(header, null, CLOCK)).isEqualTo(expected);
    assertThat(RetryAfter.read(header, "no date", CLOCK)).isEqualTo(expected);
  }

  @Test
  void takesDatesRelativeToTheServersOwn() {
    String date = "Sun, 01 Nov 2020 00:00:00 GMT";
    assertThat(RetryAfter.read("Sun, 01 Nov 2020 00:00:05 GMT", date, CLOCK))
        .isEqualTo(Duration.ofSeconds(5));
  }
}
