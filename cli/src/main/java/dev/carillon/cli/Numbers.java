package dev.carillon.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How numbers that have a range are given on the command line. */
final class Numbers {

  private Numbers() {}

  /** A port to connect to. */
  static final class OfPort implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) positive(text, 65_535, "a port, 1 to 65535");
    }
  }

  /** How many of something there shall be. */
  static final class OfCount implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return positive(text, Long.MAX_VALUE, "a whole number, 1 or more");
    }
  }

  /** How long something may take, in seconds. */
  static final class OfSeconds implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      try {
        double seconds = Double.parseDouble(text);
        if (seconds > 0 && Double.isFinite(seconds)) {
          return seconds;
        }
      } catch (NumberFormatException e) {
        // as wrong as one out of range
      }
      throw new TypeConversionException("'" + text + "' is not a number of seconds above 0");
    }
  }

  private static long positive(String text, long most, String what) {
    try {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // as wrong as one out of range
    }
    throw new TypeConversionException("'" + text + "' is not " + what);
  }
}
