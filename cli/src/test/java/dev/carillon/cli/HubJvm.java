package dev.carillon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The hub as {@code ./carillon hub} runs it. */
final class HubJvm {

  private HubJvm() {}

  /** The JVM options that the script gives a hub. */
  static List<String> options() {
    return options("hub_jvm");
  }

  /** The JVM options of one of the script's lists. */
  static List<String> options(String list) {
    Matcher found =
        Pattern.compile("(?m)^" + list + "=\\(([^)]*)\\)").matcher(text(Path.of("..", "carillon")));
    if (!found.find()) {
      throw new AssertionError("the script has no " + list);
    }
    String options = found.group(1).strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
  }

  /** How many MiB a process holds in memory. */
  static long residentMib(long pid) {
    return statusMib(pid, "VmRSS");
  }

  /** How many MiB a process has held in memory at most. */
  static long peakResidentMib(long pid) {
    return statusMib(pid, "VmHWM");
  }

  private static long statusMib(long pid, String name) {
    Matcher found =
        Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB")
            .matcher(text(Path.of("/proc", Long.toString(pid), "status")));
    if (!found.find()) {
      throw new AssertionError("no " + name + " of process " + pid);
    }
    return Long.parseLong(found.group(1)) >> 10;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
