package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class RangesTest {

  private static final Duration LESS = Duration.ofMillis(-1);

  @Test
  void saysWhatIsOutOfRange() {
    assertRefused(() -> Ranges.text("name", " "), "name is blank");
    for (String text : List.of("a\nb", "\u007f", "\u00fc")) {
      assertRefused(
          () -> Ranges.printable("key", text), "key has characters that are not printable ASCII");
    }
    assertRefused(() -> Ranges.atLeast("channels", 0, 1), "channels is below 1: 0");
    assertRefused(() -> Ranges.positive("delay", Duration.ZERO), "delay is not above zero: PT0S");
    assertRefused(() -> Ranges.positive("delay", LESS), "delay is not above zero: PT-0.001S");
    assertRefused(() -> Ranges.notNegative("delay", LESS), "delay is negative: PT-0.001S");
    assertRefused(() -> Ranges.notNegative("bytes", -1), "bytes is negative: -1");
  }

  @Test
  void letsTheEdgesThrough() {
    assertThatCode(
            () -> {
              Ranges.text("name", "x");
              Ranges.printable("key", "");
              Ranges.printable("key", " ~");
              Ranges.atLeast("channels", 1, 1);
              Ranges.positive("delay", Duration.ofNanos(1));
              Ranges.notNegative("delay", Duration.ZERO);
              Ranges.notNegative("bytes", 0);
            })
        .doesNotThrowAnyException();
  }

  private static void assertRefused(ThrowingCallable check, String message) {
    assertThatIllegalArgumentException().isThrownBy(check).withMessage(message);
  }
}
