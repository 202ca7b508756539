package dev.carillon.resilience;

import java.time.Duration;

/** Range checks of the policies' parts, with one wording. */
final class Positive {

  private Positive() {}

  static void check(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is not above zero: " + value);
    }
  }

  static void check(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is below 1: " + value);
    }
  }
}
