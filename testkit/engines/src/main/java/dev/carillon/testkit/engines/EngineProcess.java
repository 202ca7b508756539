package dev.carillon.testkit.engines;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Java process that holds an engine: says when it is ready, and ends when its parent does,
 * however that ends. Not thread-safe.
 */
final class EngineProcess {

  private static final int START_SECONDS = 120;
  private static final int STOP_SECONDS = 30;
  private static final String READY = "ready";

  private final Process process;
  private final Path log;

  private EngineProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a main class of this class path and waits until it is ready.
   *
   * @param environment variables beside those of this process
   * @param log the file that takes all it writes
   * @throws AssertionError with its log, if it ends or is not ready within two minutes
   */
  static EngineProcess start(
      Class<?> main,
      List<String> jvmOptions,
      Map<String, String> environment,
      Path log,
      String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    String logging = System.getProperty("slf4j.provider"); // where a class path has several
    if (logging != null) {
      command.add("-Dslf4j.provider=" + logging);
    }
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(args));
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      Process process =
          builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
      EngineProcess engine = new EngineProcess(process, log);
      engine.awaitReady(main.getSimpleName());
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady(String name) throws IOException {
    try {
      String line =
          CompletableFuture.supplyAsync(this::firstLine).get(START_SECONDS, TimeUnit.SECONDS);
      if (line.endsWith(READY)) {
        return;
      }
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError(name + " is not ready: " + Files.readString(log), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw interrupted(e);
    }
    process.destroyForcibly();
    throw new AssertionError(name + " ended before it was ready: " + Files.readString(log));
  }

  private String firstLine() {
    try {
      String line = process.inputReader(StandardCharsets.UTF_8).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells the parent that this process is ready, and ends it when the parent is gone. */
  static void ready() throws IOException {
    Thread watch = new Thread(EngineProcess::endWithParent, "carillon-engine-parent");
    watch.setDaemon(true);
    watch.start();
    FileOutputStream out =
        new FileOutputStream(FileDescriptor.out); // never closed: it is the JVM's
    out.write((READY + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void endWithParent() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream()); // nobody writes; only the end counts
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
    Runtime.getRuntime().halt(1);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Ends it at once (SIGKILL), and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  /** Tells it to stop (SIGTERM), and waits. */
  void stop() {
    process.destroy();
    await();
  }

  /** Has it stand still (SIGSTOP), connections and all. */
  void stall() {
    signal(pid(), "STOP");
  }

  /** Has it go on (SIGCONT). */
  void resume() {
    signal(pid(), "CONT");
  }

  static void signal(long pid, String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void await() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the engine did not stop within " + STOP_SECONDS + " seconds");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", e);
  }
}
