package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.dataservices.EventMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The events of the demo: a day in a laboratory, or what the user brings. */
final class SampleDay {

  private static final String RESOURCE = "/laboratory-day.ndjson";
  private static final int MAX_LINE_BYTES = 1 << 20;

  private SampleDay() {}

  /**
   * All events of a file, or of the sample day.
   *
   * @throws BadMessageException naming the first line that holds no event
   */
  static List<EventMessage> read(@Nullable Path file) throws IOException, BadMessageException {
    try (InputStream in = file == null ? resource() : Files.newInputStream(file);
        BoundedLines lines = new BoundedLines(in, MAX_LINE_BYTES)) {
      MessageLineReader reader = new MessageLineReader();
      List<EventMessage> messages = new ArrayList<>();
      while (lines.next()) {
        if (LinePublisher.isBlank(lines.line())) {
          continue;
        }
        try {
          messages.add(reader.read(lines.line()));
        } catch (BadMessageException | EventException e) {
          throw new BadMessageException("line " + lines.number() + ": " + e.getMessage());
        }
      }
      return messages;
    }
  }

  private static InputStream resource() {
    return Objects.requireNonNull(SampleDay.class.getResourceAsStream(RESOURCE), RESOURCE);
  }
}
