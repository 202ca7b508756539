package dev.carillon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Publishes the events of a stream, one JSON object a line. Bad lines don't stop the others; where
 * nobody answers, the rest is left alone.
 */
final class LinePublisher {

  /** More than the largest event that most take, since a line may be written wastefully. */
  static final int MAX_LINE_BYTES = 4 << 20;

  private final Tally tally;
  private final Progress progress;
  private final int maxLineBytes;

  LinePublisher(Tally tally, Progress progress, int maxLineBytes) {
    this.tally = tally;
    this.progress = progress;
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * Publishes all lines and waits for all answers.
   *
   * @param ends whether the stream is sure to end, so that what is left of it can be counted
   */
  void publish(InputStream in, LineTarget target, boolean ends) throws IOException {
    try (BoundedLines lines = new BoundedLines(in, maxLineBytes)) {
      boolean begun = false;
      while (lines.next()) {
        if (isInVain(lines, target)) {
          leave(lines, ends);
          return;
        }
        String line = begun ? "" : new String(lines.line(), StandardCharsets.UTF_8).strip();
        if (line.equals("[") || line.startsWith("[{") || line.equals("{")) {
          tally.refused(
              "line " + lines.number(),
              "begins JSON of several lines or an array: one JSON object a line is needed");
          break;
        }
        begun |= !line.isEmpty();
        publish(lines, target);
        progress.read(lines.bytesRead());
        // Whoever writes slowly, line by line, wants each to go now.
        if (!lines.isReady()) {
          target.flush();
        }
      }
      target.finish();
    }
  }

  /** Whether nobody is there for a line, as far as all those before it tell. */
  private boolean isInVain(BoundedLines lines, LineTarget target) {
    if (!tally.isUnreachable() || isBlank(lines.line())) {
      return false;
    }
    target.finish();
    return tally.isUnreachable();
  }

  private void publish(BoundedLines lines, LineTarget target) {
    String place = "line " + lines.number();
    if (lines.isTooLong()) {
      tally.refused(place, "longer than " + maxLineBytes + " bytes");
      return;
    }
    byte[] line = lines.line();
    if (isBlank(line)) {
      return;
    }
    try {
      target.add(place, line);
      if (!tally.isAnswered()) { // alone, since it shows whether anybody is there
        target.finish();
      }
    } catch (BadMessageException e) {
      tally.refused(place, e.getMessage());
    }
  }

  private void leave(BoundedLines lines, boolean ends) throws IOException {
    String place = "line " + lines.number();
    long events = 1;
    while (ends && lines.next()) {
      events += isBlank(lines.line()) ? 0 : 1;
    }
    tally.untried(place, ends ? events : 0);
  }

  static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
