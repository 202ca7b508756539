package dev.carillon.testkit.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real RabbitMQ, as the system's package has it, in processes of its own: its own node name,
 * ports, data and logs, apart from the system's service. It can be killed, stalled and started
 * again with its port and its data, and ends when this process does, however that ends. Needs
 * {@code rabbitmq-server}, which {@code ./carillon test} installs. Not thread-safe.
 */
public final class RabbitBroker implements AutoCloseable {

  private static final int START_SECONDS = 120;
  private static final int STOP_SECONDS = 30;
  private static final List<String> FOLDERS =
      List.of("/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin", "/usr/sbin");

  /** Runs a command in the background until the standard input ends, which is when we do. */
  private static final String UNTIL_PARENT_ENDS =
      "\"$@\" </dev/null & read -r line; kill -9 $(cat \"$RABBITMQ_PID_FILE\") $!";

  private final Path folder;
  private final int port;
  private final Map<String, String> environment;
  private final Process ports;
  private Process server;
  private boolean up = true;

  private RabbitBroker(Path folder, int port) throws IOException {
    this.folder = folder;
    this.port = port;
    int portMapper = EngineProcess.freePort();
    this.environment = environment(portMapper);
    ports = launch("epmd", "-address", "127.0.0.1", "-port", Integer.toString(portMapper));
    await(ports, portMapper); // else the node would start one that nobody ends
    server = launch(program("rabbitmq-server"));
    await(server, port);
  }

  /**
   * Starts a broker on a free port of loopback and waits until it takes connections, some three
   * seconds.
   *
   * @param folder an empty or missing folder for its data, settings and log
   * @throws AssertionError with its log, if it ends or is not ready within two minutes
   */
  public static RabbitBroker start(Path folder) {
    return start(folder, List.of());
  }

  /** Starts a broker with further lines of {@code rabbitmq.conf}: {@link #start(Path)}. */
  public static RabbitBroker start(Path folder, List<String> settings) {
    try {
      Files.createDirectories(folder);
      int port = EngineProcess.freePort();
      List<String> lines = new ArrayList<>();
      lines.add("listeners.tcp.1 = 127.0.0.1:" + port);
      lines.add("log.console = false");
      lines.add("vm_memory_high_watermark.absolute = 1GB");
      lines.add("disk_free_limit.absolute = 10MB");
      lines.addAll(settings);
      Files.write(folder.resolve("rabbitmq.conf"), lines);
      Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
      return new RabbitBroker(folder.toAbsolutePath(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> environment(int portMapper) {
    return Map.ofEntries(
        Map.entry("HOME", folder.toString()),
        Map.entry("ERL_EPMD_PORT", Integer.toString(portMapper)),
        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
        Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
        Map.entry("RABBITMQ_NODENAME", "carillon-" + port + "@localhost"),
        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(EngineProcess.freePort())),
        Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
        Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
        Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()),
        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString()),
        Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
        // A node that spins for work takes the little time that others have.
        Map.entry(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+sbwt none +sbwtdcpu none +sbwtdio none"));
  }

  private static String program(String name) {
    for (String place : FOLDERS) {
      Path file = Path.of(place, name);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    return name;
  }

  private Process launch(String... command) throws IOException {
    List<String> whole = new ArrayList<>(List.of("sh", "-c", UNTIL_PARENT_ENDS, "sh"));
    whole.addAll(List.of(command));
    return process(whole).start();
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output.log").toFile()));
  }

  private void await(Process process, int listening) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    try {
      while (!answers(listening)) {
        if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - end > 0) {
          throw new AssertionError("RabbitMQ is not ready: " + log());
        }
      }
    } catch (InterruptedException e) {
      throw EngineProcess.interrupted(e);
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Its port on loopback, restarts included. */
  public int port() {
    return port;
  }

  /** Its address with its user, restarts included. */
  public String url() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  /** Its process id. */
  public long pid() {
    try {
      return Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs {@code rabbitmqctl}, some two seconds.
   *
   * @return what it printed
   * @throws AssertionError with that, if it failed
   */
  public String control(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program("rabbitmqctl"), "-q"));
    command.addAll(List.of(arguments));
    try {
      Process process = process(command).redirectOutput(ProcessBuilder.Redirect.PIPE).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("rabbitmqctl " + List.of(arguments) + " failed: " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw EngineProcess.interrupted(e);
    }
  }

  /**
   * Ends it at once, as a power cut would (SIGKILL), if it is up; it must not stand still. Its
   * exchanges, queues and bindings are brought to the disk before: RabbitMQ 3.10 says that a
   * binding is made before it is there, and loses one now and then of a few seconds' age. Messages
   * are left to what it promises.
   */
  public void kill() {
    if (up) {
      control("eval", "mnesia:sync_log().");
      endAtOnce();
    }
  }

  private void endAtOnce() {
    end(handle -> handle.destroyForcibly());
  }

  /** Ends it in good order (SIGTERM). */
  public void stop() {
    end(handle -> handle.destroy());
  }

  private interface Ending {
    boolean of(ProcessHandle process);
  }

  private void end(Ending ending) {
    if (!up) {
      return;
    }
    up = false;
    ProcessHandle node = node();
    ending.of(node);
    try {
      node.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
      server.destroy();
      server.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      node.destroyForcibly();
      throw new AssertionError("RabbitMQ did not end within " + STOP_SECONDS + " s", e);
    } catch (InterruptedException e) {
      throw EngineProcess.interrupted(e);
    }
  }

  private ProcessHandle node() {
    return ProcessHandle.of(pid()).orElseThrow(() -> new AssertionError("it has ended: " + log()));
  }

  /** Starts it again after {@link #kill} or {@link #stop}, with its port and data. */
  public void restart() {
    if (!up) {
      try {
        Files.deleteIfExists(folder.resolve("pid"));
        server = launch(program("rabbitmq-server"));
        up = true;
        await(server, port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Has it stand still (SIGSTOP), connections and all. */
  public void stall() {
    EngineProcess.signal(pid(), "STOP");
  }

  /** Has it go on (SIGCONT). */
  public void resume() {
    EngineProcess.signal(pid(), "CONT");
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("output.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Kills it, if it still runs, and its helper. */
  @Override
  public void close() {
    endAtOnce();
    ports.descendants().forEach(ProcessHandle::destroyForcibly);
    ports.destroy();
  }
}
