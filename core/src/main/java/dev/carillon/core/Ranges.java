package dev.carillon.core;

import java.time.Duration;

/**
 * Checks of configuration values, with one wording. Each throws an {@link IllegalArgumentException}
 * that says the value's name, what is wrong and, except of a text, the value.
 */
public final class Ranges {

  private Ranges() {}

  /** Refuses a text that is blank. */
  public static void text(String name, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " is blank");
    }
  }

  /** Refuses a text that not every HTTP header carries: one that is not all printable ASCII. */
  public static void printable(String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException(name + " has characters that are not printable ASCII");
    }
  }

  /** Refuses a number below the least. */
  public static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is below " + least + ": " + value);
    }
  }

  /** Refuses a time that is zero or negative. */
  public static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is not above zero: " + value);
    }
  }

  /** Refuses a negative time. */
  public static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
  }

  /** Refuses a negative number. */
  public static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
  }
}
