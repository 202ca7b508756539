package dev.carillon.hub.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DuckDB's own code, which its driver unpacks anew to the temporary folder of each process: 70 MB
 * that a killed process would leave behind. Linux needs the file only while it is loaded, and lists
 * what a process has loaded; elsewhere the file goes when the process ends.
 */
final class UnpackedLibrary {

  private static final Logger log = LoggerFactory.getLogger(UnpackedLibrary.class);
  private static final Path LOADED = Path.of("/proc/self/maps");
  private static final String NAME = "libduckdb_java";
  private static final String DELETED = " (deleted)";

  private UnpackedLibrary() {}

  /** Deletes the file, once the driver has loaded it. */
  static void forget() {
    if (Files.isReadable(LOADED)) {
      try {
        for (Path file : loaded()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException e) {
        log.warn("DuckDB's unpacked library stays in the temporary folder: {}", e.getMessage());
      }
    }
  }

  /** What to say when the driver could not unpack the file or load it. */
  static SQLException notLoaded(LinkageError e) {
    Throwable reason = e;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    String folder = System.getProperty("java.io.tmpdir");
    return new SQLException(
        ("DuckDB's library cannot be loaded from %s (-Djava.io.tmpdir), which needs 100 MB of room"
                + " and must allow programs to run: %s")
            .formatted(folder, reason),
        e);
  }

  private static List<Path> loaded() throws IOException {
    String unpacked = Path.of(System.getProperty("java.io.tmpdir")).toRealPath() + "/" + NAME;
    try (Stream<String> lines = Files.lines(LOADED)) {
      return lines
          .filter(line -> line.contains(unpacked) && !line.endsWith(DELETED))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .distinct()
          .toList();
    }
  }
}
