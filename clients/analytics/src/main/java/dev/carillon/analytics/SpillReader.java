package dev.carillon.analytics;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what an earlier process left in a spill folder. */
final class SpillReader {

  private static final System.Logger log = System.getLogger(SpillReader.class.getName());
  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.ndjson");
  private static final Pattern POSITION = Pattern.compile("(\\d{20}) (\\d{20})\\s*");

  private final List<SpillSegment> segments = new ArrayList<>();
  private final List<Pending> unsent = new ArrayList<>();
  private long sentNumber;
  private long sentEnd;

  /**
   * Reads a folder; files without anything unsent are deleted.
   *
   * @param position up to where operations were accepted; empty for none
   */
  static SpillReader read(Path folder, String position) throws IOException {
    SpillReader reader = new SpillReader();
    Matcher known = POSITION.matcher(position);
    if (known.matches()) {
      reader.sentNumber = Long.parseLong(known.group(1));
      reader.sentEnd = Long.parseLong(known.group(2));
    }
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> NAME.matcher(nameOf(file)).matches()).sorted().toList();
    }
    for (Path file : files) {
      reader.read(file);
    }
    return reader;
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** The files with something unsent, oldest first. */
  List<SpillSegment> segments() {
    return segments;
  }

  /** What has not been accepted, in order. */
  List<Pending> unsent() {
    return unsent;
  }

  /** The number of the next file. */
  long nextNumber() {
    long last = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).number();
    return Math.max(last, sentNumber) + 1;
  }

  private void read(Path file) throws IOException {
    long number = Long.parseLong(nameOf(file).substring(0, 20));
    SpillSegment segment = new SpillSegment(file, number, Files.size(file));
    int before = unsent.size();
    long end = number < sentNumber ? 0 : readLines(segment, number == sentNumber ? sentEnd : 0);
    if (unsent.size() == before) {
      segment.delete();
    } else {
      segment.cut(end);
      segments.add(segment);
    }
  }

  /**
   * Reads the lines of a file; what follows the last one's end was being written when the process
   * ended.
   *
   * @return where the last line ends
   */
  private long readLines(SpillSegment segment, long from) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(segment.path()), 1 << 16)) {
      in.skipNBytes(Math.min(from, segment.length()));
      long begin = from;
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          line.write(b);
          continue;
        }
        keep(new SpillLine(segment, begin, line.size()), line.toByteArray());
        begin += line.size() + 1;
        line.reset();
      }
      return begin;
    }
  }

  private void keep(SpillLine place, byte[] json) {
    try {
      if (!(Json.read(json) instanceof Map<?, ?> members)
          || !(members.get("id") instanceof String id)) {
        throw new IOException("no operation");
      }
      Operation operation = Operation.ofWire(members.get("operation"));
      unsent.add(new Pending(operation, id, place, json.length));
    } catch (IOException e) {
      log.log(
          System.Logger.Level.WARNING,
          "passed over what is no operation in {0} at {1}: {2}",
          place.segment().path(),
          place.begin(),
          e.getMessage());
    }
  }
}
