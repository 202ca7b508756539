package dev.carillon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Publishes the events of a stream, one JSON object a line; bad lines don't stop the others. */
final class LinePublisher {

  /** More than the largest event that most take, since a line may be written wastefully. */
  private static final int MAX_LINE_BYTES = 4 << 20;

  private final Refusals refusals;
  private final Progress progress;
  private final int maxLineBytes;

  /** Hears which lines hold no event. */
  interface Refusals {
    /**
     * Called for each, in order.
     *
     * @param place as a person finds it: {@code line 17}
     */
    void refused(String place, @Nullable String reason);
  }

  LinePublisher(Refusals refusals, Progress progress) {
    this(refusals, progress, MAX_LINE_BYTES);
  }

  LinePublisher(Refusals refusals, Progress progress, int maxLineBytes) {
    this.refusals = refusals;
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
          refusals.refused(
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
      refusals.refused(place, "longer than " + maxLineBytes + " bytes");
      return;
    }
    byte[] line = lines.line();
    if (isBlank(line)) {
      return;
    }
    try {
      target.add(place, line);
    } catch (BadMessageException e) {
      refusals.refused(place, e.getMessage());
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
