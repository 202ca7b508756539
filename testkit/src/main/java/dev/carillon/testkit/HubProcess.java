package dev.carillon.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A hub in a process of its own, as users run it but for the JVM's options, which tests can kill.
 * Its log goes to a file beside its data folder. Needs this process' class path to hold the hub.
 * Not thread-safe.
 */
public final class HubProcess implements AutoCloseable {

  /** The flags of the ports that a hub listens on whether or not it is told to. */
  public static final List<String> PORTS =
      List.of("--http-port", "--bus-pub-port", "--bus-sub-port", "--eventgrid-port");

  /** JVM options with which a hub that lives for seconds is ready soonest. */
  public static final List<String> SHORT_LIVED =
      List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final int STOP_SECONDS = 15;

  private final Process process;
  private final Path log;
  private final JsonNode ready;

  private HubProcess(Process process, Path log, JsonNode ready) {
    this.process = process;
    this.log = log;
    this.ready = ready;
  }

  /**
   * Starts a hub with {@link #SHORT_LIVED} and waits until it is ready.
   *
   * @param data its data folder
   * @param flags further flags; ports that they do not name are free ones
   * @throws AssertionError with what it logged, if it ends before it is ready
   */
  public static HubProcess start(Path data, String... flags) {
    return start(SHORT_LIVED, data, flags);
  }

  /** Starts a hub with JVM options of one's own, and waits until it is ready. */
  public static HubProcess start(List<String> jvmOptions, Path data, String... flags) {
    Path log = data.resolveSibling(data.getFileName() + ".log");
    List<String> command = command(jvmOptions);
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of(flags));
    for (String port : PORTS) {
      if (!command.contains(port)) {
        command.addAll(List.of(port, "0"));
      }
    }
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
      Process process = builder.start();
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

  /** Trusts the certificate that a hub made in its data folder, and no other. */
  public static SSLContext trusting(Path data) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(data.resolve("eventgrid/certificate.pem"))) {
      store.setCertificateEntry(
          "hub", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
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

  /** Where it listens for HTTP. */
  public URI http() {
    return URI.create(ready.get("http").textValue());
  }

  /** Where its own AMQP broker listens; it must have been asked for. */
  public URI amqp() {
    return URI.create(ready.get("amqp").textValue());
  }

  /**
   * Where its event bus listens.
   *
   * @param role {@code publish}, {@code subscribe}, or {@code acknowledge} if it was asked for that
   */
  public URI bus(String role) {
    return URI.create(ready.get("bus").get(role).textValue());
  }

  /** The flags with which another hub listens on the same ports. */
  public List<String> portFlags() {
    List<String> flags = new ArrayList<>();
    addPort(flags, "--http-port", ready.get("http"));
    addPort(flags, "--bus-pub-port", ready.path("bus").path("publish"));
    addPort(flags, "--bus-sub-port", ready.path("bus").path("subscribe"));
    addPort(flags, "--bus-ack-port", ready.path("bus").path("acknowledge"));
    addPort(flags, "--eventgrid-port", ready.path("eventgrid"));
    return flags;
  }

  private static void addPort(List<String> flags, String flag, JsonNode address) {
    if (address.isTextual()) {
      flags.addAll(List.of(flag, Integer.toString(URI.create(address.textValue()).getPort())));
    }
  }

  /** Where it listens with TLS for Event Grid clients; empty if it does not. */
  public URI eventGrid() {
    return URI.create(ready.path("eventgrid").asText());
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
