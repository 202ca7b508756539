package dev.carillon.testkit.engines;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The engine refused a statement; its text is ClickHouse's own. */
final class ChdbException extends Exception {

  private static final long serialVersionUID = 1L;
  private static final Pattern CODE = Pattern.compile("Code: (\\d+)");

  ChdbException(String message) {
    super(message);
  }

  /** ClickHouse's number of the error; 1001 when the text has none. */
  String code() {
    Matcher found = CODE.matcher(String.valueOf(getMessage()));
    return found.find() ? found.group(1) : "1001";
  }
}
