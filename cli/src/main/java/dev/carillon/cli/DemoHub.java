package dev.carillon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A hub in a process of its own, started as a user starts it. Closing it twice does nothing. */
final class DemoHub implements AutoCloseable {

  private static final Duration UNTIL_READY = Duration.ofSeconds(30);
  private static final Duration UNTIL_DRAINED = Duration.ofSeconds(15);

  private final Process process;
  private final Path log;
  private final Path data;
  private final JsonNode ready;

  private DemoHub(Process process, Path log, Path data, JsonNode ready) {
    this.process = process;
    this.log = log;
    this.data = data;
    this.ready = ready;
  }

  /**
   * Starts a hub with this process's own Java, classes and options, and waits until it is ready.
   *
   * @param log where what it logs goes
   * @param flags of the hub command, {@code --data} among them
   * @throws HubFailedException if it ended instead, or took more than 30 s
   */
  static DemoHub start(Path log, List<String> flags) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(flags)).redirectError(log.toFile());
    // A demo is nobody's production hub: it must not get that one's folder or key.
    builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
    Process process = builder.start();
    try {
      String line = firstLine(process);
      if (line == null) {
        throw new HubFailedException(process.waitFor(), Files.readString(log).strip());
      }
      return new DemoHub(process, log, dataOf(flags), read(line));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Where it listens for HTTP. */
  URI http() {
    return URI.create(ready.path("http").textValue());
  }

  /** Where its own AMQP broker listens, with its user; it must have been asked for. */
  String amqpUrl() {
    return ready.path("amqp").asText().replace("://", "://guest:guest@");
  }

  /** The port of its event bus for {@code publish}, {@code subscribe} or {@code acknowledge}. */
  int busPort(String role) {
    return URI.create(ready.path("bus").path(role).asText()).getPort();
  }

  /** Where it listens for Event Grid clients, with TLS. */
  URI eventGrid() {
    return URI.create(ready.path("eventgrid").textValue());
  }

  /** The certificate that it made for its Event Grid port. */
  Path certificate() {
    return data.resolve("eventgrid").resolve("certificate.pem");
  }

  /** Where its log is. */
  Path log() {
    return log;
  }

  /** Waits until it ends by itself. */
  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** Asks it to drain and end, and ends it if that takes more than 15 s. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(UNTIL_DRAINED.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private static Path dataOf(List<String> flags) {
    return Path.of(flags.get(flags.indexOf("--data") + 1));
  }

  private static List<String> command(List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // A debugger or agent of this process would fight over its port or file with a second one.
      if (!option.startsWith("-agentlib") && !option.startsWith("-javaagent")) {
        command.add(option);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add("hub");
    command.addAll(flags);
    return command;
  }

  private static @Nullable String firstLine(Process process)
      throws IOException, InterruptedException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    CompletableFuture<@Nullable String> line = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                line.complete(out.readLine());
              } catch (IOException e) {
                line.completeExceptionally(e);
              }
            },
            "hub-ready-line");
    reader.setDaemon(true);
    reader.start();
    try {
      return line.get(UNTIL_READY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the hub's output cannot be read", e);
    } catch (TimeoutException e) {
      throw new IOException("the hub was not ready within " + UNTIL_READY.toSeconds() + " s", e);
    }
  }

  private static JsonNode read(String line) throws IOException {
    JsonNode ready = new JsonMapper().readTree(line);
    if (!ready.path("http").isTextual()
        || !ready.path("bus").path("publish").isTextual()
        || !ready.path("eventgrid").isTextual()) {
      throw new IOException("the hub did not say where it is: " + line);
    }
    return ready;
  }
}
