package dev.carillon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The file that a publishing command reads, or standard input. */
final class LineInput {

  private static final Path STANDARD_INPUT = Path.of("-");

  private LineInput() {}

  /**
   * The file that an option names; null for standard input.
   *
   * @throws ParameterException if there is no such file
   */
  static @Nullable Path path(CommandSpec spec, @Nullable Path option) {
    if (option == null || option.equals(STANDARD_INPUT)) {
      return null;
    }
    return readable(spec, option);
  }

  /**
   * A file that an option names.
   *
   * @throws ParameterException if there is no such file
   */
  static Path readable(CommandSpec spec, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ParameterException(spec.commandLine(), "there is no file to read at " + file);
    }
    return file;
  }

  static InputStream open(@Nullable Path file) throws IOException {
    return file == null ? System.in : Files.newInputStream(file);
  }

  /** How to show the way through many events, or that of a single one. */
  static Progress progress(PrintWriter err, boolean many, @Nullable Path file) throws IOException {
    if (!many || !Terminal.isOneThere()) {
      return new PlainProgress(err, InstantSource.system());
    }
    return new BarProgress(err, file == null ? -1 : Files.size(file));
  }
}
