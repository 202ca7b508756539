package dev.carillon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** One run of a publishing command: where its lines come from, what is shown, and how it ends. */
final class PublishRun implements AutoCloseable {

  private final CommandSpec spec;
  private final @Nullable Path file;
  private final Progress progress;
  private final Tally tally;

  /**
   * Shows the way from here on.
   *
   * @param option the file that was asked for; null or {@code -} for standard input
   * @param one whether it is about one event from flags, and reads no lines
   * @throws ParameterException if there is no such file
   */
  PublishRun(CommandSpec spec, @Nullable Path option, boolean one) throws IOException {
    this.spec = spec;
    file = LineInput.path(spec, option);
    progress = LineInput.progress(spec.commandLine().getErr(), !one, file);
    tally = new Tally(progress);
  }

  /** What came of the events so far. */
  Tally tally() {
    return tally;
  }

  /** Publishes all lines and waits for all answers. */
  void lines(LineTarget target) throws IOException {
    lines(target, LinePublisher.MAX_LINE_BYTES);
  }

  void lines(LineTarget target, int maxLineBytes) throws IOException {
    try (InputStream in = LineInput.open(file)) {
      new LinePublisher(tally, progress, maxLineBytes).publish(in, target, file != null);
    }
  }

  /** Prints what came of it; the exit code. */
  int end(String text) {
    spec.commandLine().getOut().println(text);
    return tally.hasFailures() ? 1 : 0;
  }

  /** What picocli tells as wrong usage. */
  static ParameterException wrong(CommandSpec spec, @Nullable String message) {
    return new ParameterException(spec.commandLine(), String.valueOf(message));
  }

  @Override
  public void close() {
    progress.close();
  }
}
