package dev.carillon.cli;

/** Whether a person is watching. */
final class Terminal {

  private Terminal() {}

  /**
   * Whether standard error is a terminal. The script at the project's root knows and says so; Java
   * can tell only about standard input and output, and differently from version to version.
   */
  static boolean isOneThere() {
    return Boolean.getBoolean("carillon.terminal") && !"dumb".equals(System.getenv("TERM"));
  }
}
