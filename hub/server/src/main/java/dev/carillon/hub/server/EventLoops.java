package dev.carillon.hub.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a process' event loops on different processors. The journal wakes all of them at once, and
 * Linux leaves two on one processor for milliseconds while another idles.
 */
final class EventLoops {

  private static final Logger log = LoggerFactory.getLogger(EventLoops.class);
  private static final Path PROCESS = Path.of("/proc/self");
  private static final String NAME = "vert.x-eventloo"; // Linux keeps 15 characters
  private static final int MAX_SECONDS = 1;

  private EventLoops() {}

  /**
   * Gives each event loop a processor of its own, by util-linux' {@code taskset}; does nothing
   * where there is no such thing. A process that may not use the whole machine is left alone, so
   * that several do not crowd on its first processors. A thread inherits the processors of the one
   * that starts it: from now on no event loop should start one that has much to do.
   */
  static void spread() {
    int processors = Runtime.getRuntime().availableProcessors();
    try {
      List<String> loops = running();
      if (processors == 1 || loops.size() != processors || !hasAll(processors)) {
        return;
      }
      startTimer();
      for (int processor = 0; processor < processors; processor++) {
        pin(loops.get(processor), processor);
      }
    } catch (IOException | UncheckedIOException e) {
      log.debug("the event loops run on any processor", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts the thread of the JDK's timeouts, before an event loop does. */
  private static void startTimer() {
    CompletableFuture.delayedExecutor(0, TimeUnit.NANOSECONDS).execute(() -> {});
  }

  private static boolean hasAll(int processors) throws IOException {
    String all = "Cpus_allowed_list:\t0-" + (processors - 1);
    return Files.readAllLines(PROCESS.resolve("status")).contains(all);
  }

  /** The ids of the event loops' threads, the oldest first. */
  private static List<String> running() throws IOException {
    try (Stream<Path> threads = Files.list(PROCESS.resolve("task"))) {
      return threads
          .filter(EventLoops::isOne)
          .map(thread -> thread.getFileName().toString())
          .sorted(Comparator.comparingInt(Integer::parseInt))
          .toList();
    }
  }

  private static boolean isOne(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).startsWith(NAME);
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static void pin(String thread, int processor) throws IOException, InterruptedException {
    Process taskset =
        new ProcessBuilder("taskset", "-c", "-p", Integer.toString(processor), thread)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!taskset.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
      taskset.destroyForcibly();
    } else if (taskset.exitValue() != 0) {
      log.debug("taskset does not move thread {} to processor {}", thread, processor);
    }
  }
}
