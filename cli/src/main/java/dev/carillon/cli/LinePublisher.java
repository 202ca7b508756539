package dev.carillon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Publishes the events of a stream, one JSON object a line; bad lines don't stop the others. */
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

  /** Publishes all lines and waits for all answers. */
  void publish(InputStream in, LineTarget target) throws IOException {
    try (BoundedLines lines = new BoundedLines(in, maxLineBytes)) {
      boolean begun = false;
      while (lines.next()) {
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
    } catch (BadMessageException e) {
      tally.refused(place, e.getMessage());
    }
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
