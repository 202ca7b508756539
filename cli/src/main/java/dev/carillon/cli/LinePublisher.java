package dev.carillon.cli;

import dev.carillon.core.EventException;
import java.io.IOException;
import java.io.InputStream;

/** Publishes the events of a stream, one JSON object a line; bad lines don't stop the others. */
final class LinePublisher {

  /** More than the largest event the hub takes, since a line may be written wastefully. */
  private static final int MAX_LINE_BYTES = 4 << 20;

  private final MessageReader reader;
  private final Tally tally;
  private final Progress progress;

  LinePublisher(MessageReader reader, Tally tally, Progress progress) {
    this.reader = reader;
    this.tally = tally;
    this.progress = progress;
  }

  /** Publishes all lines and waits for all answers. */
  void publish(InputStream in, BatchPump pump) throws IOException {
    try (BoundedLines lines = new BoundedLines(in, MAX_LINE_BYTES)) {
      while (lines.next()) {
        publish(lines, pump);
        progress.read(lines.bytesRead());
        // Whoever writes slowly, line by line, wants each to go now.
        if (!lines.isReady()) {
          pump.flush();
        }
      }
      pump.finish();
    }
  }

  private void publish(BoundedLines lines, BatchPump pump) {
    String place = "line " + lines.number();
    if (lines.isTooLong()) {
      tally.refused(place, "longer than " + MAX_LINE_BYTES + " bytes");
      return;
    }
    byte[] line = lines.line();
    if (isBlank(line)) {
      return;
    }
    try {
      pump.add(new NumberedMessage(place, reader.read(line)), line.length);
    } catch (BadMessageException | EventException e) {
      tally.refused(place, e.getMessage());
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
