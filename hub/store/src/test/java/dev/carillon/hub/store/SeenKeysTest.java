package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenKeysTest {

  private static final int EVENTS = 1_000_000;

  private final SeenKeys keys = new SeenKeys();

  @Test
  void remembersEveryKey() {
    add();
    assertThat(IntStream.range(0, EVENTS).allMatch(i -> keys.mightContain(key("event", i))))
        .isTrue();
  }

  @Test
  void almostNeverTakesANewKeyForAKnownOne() {
    add();
    assertThat(IntStream.range(0, EVENTS).filter(i -> keys.mightContain(key("other", i))).count())
        .isLessThanOrEqualTo(5); // each would cost a look through all that is stored
  }

  private void add() {
    IntStream.range(0, EVENTS).forEach(i -> keys.add(key("event", i)));
  }

  private static long key(String name, int number) {
    return SeenKeys.keyOf(name + "-" + number);
  }
}
