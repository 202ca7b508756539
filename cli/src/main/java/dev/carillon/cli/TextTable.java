package dev.carillon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Lines of words in columns; numbers stand to the right. */
final class TextTable {

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a line with as many words as the first, which is the head. */
  void add(List<String> row) {
    rows.add(row);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(PrintWriter out) {
    int columns = rows.get(0).size();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String format = (isOfNumbers(column) ? "%" : "%-") + width(column) + "s  ";
        line.append(format.formatted(row.get(column)));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private int width(int column) {
    return Math.max(1, rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1));
  }

  private boolean isOfNumbers(int column) {
    return rows.size() > 1
        && rows.stream().skip(1).allMatch(row -> NUMBER.matcher(row.get(column)).matches());
  }
}
