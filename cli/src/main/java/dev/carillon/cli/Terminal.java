package dev.carillon.cli;

/** Whether a person is watching. */
final class Terminal {

  private Terminal() {}

  /**
   * Whether standard error is a terminal. The script at the project's root knows and says so; Java
   * itself can tell only about standard input and output.
   */
  static boolean isOneThere() {
    String told = System.getProperty("carillon.terminal");
    boolean there = told == null ? System.console() != null : Boolean.parseBoolean(told);
    return there && !"dumb".equals(System.getenv("TERM"));
  }
}
