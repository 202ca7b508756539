package dev.carillon.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A hub in a process of its own, as users run it, which tests can kill. Its log goes to a file
 * beside its data folder. Needs this process' class path to hold the hub. Not thread-safe.
 */
public final class HubProcess implements AutoCloseable {

  private static final int STOP_SECONDS = 15;

  private final Process process;
  private final Path log;
  private final URI http;
  private final URI eventGrid;

  private HubProcess(Process process, Path log, JsonNode ready) {
    this.process = process;
    this.log = log;
    this.http = URI.create(ready.get("http").asText());
    this.eventGrid = URI.create(ready.path("eventgrid").asText());
  }

  /**
   * Starts a hub and waits until it is ready.
   *
   * @param data its data folder
   * @param flags further flags; without {@code --http-port} or {@code --eventgrid-port} it takes
   *     free ports
   * @throws AssertionError with what it logged, if it ends before it is ready
   */
  public static HubProcess start(Path data, String... flags) {
    return start(List.of("-Xmx512m"), data, flags);
  }

  /** Starts a hub with JVM options of one's own, and waits until it is ready. */
  public static HubProcess start(List<String> jvmOptions, Path data, String... flags) {
    Path log = data.resolveSibling(data.getFileName() + ".log");
    List<String> command = command(jvmOptions);
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of(flags));
    for (String port : List.of("--http-port", "--eventgrid-port")) {
      if (!command.contains(port)) {
        command.addAll(List.of(port, "0"));
      }
    }
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String ready = out.readLine();
      if (ready == null) {
        throw new AssertionError("the hub ended before it was ready: " + Files.readString(log));
      }
      return new HubProcess(process, log, new ObjectMapper().readTree(ready));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line of a hub without its flags. */
  public static List<String> command(List<String> jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, "dev.carillon.hub.server.HubCommand"));
    return command;
  }

  /** Where it listens. */
  public URI http() {
    return http;
  }

  /** Where it listens with TLS for Event Grid clients; empty if it does not. */
  public URI eventGrid() {
    return eventGrid;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** What it has logged. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, as a power cut would (SIGKILL), and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /**
   * Tells it to stop (SIGTERM) and waits.
   *
   * @return its exit code
   */
  public int stop() {
    process.destroy();
    return await();
  }

  /** Has it stand still, connections and all (SIGSTOP). */
  public void stall() {
    signal("STOP");
  }

  /** Has it go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private int await() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the hub did not stop within " + STOP_SECONDS + " seconds");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", e);
  }

  /** Kills it, if it still runs. */
  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
