package dev.carillon.testkit.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A real Apache Kafka broker (KRaft, a single node that is its own controller) in a process of its
 * own. It can be killed and started again on the same port and the same data. Topics are not made
 * by themselves. Not thread-safe.
 */
public final class KafkaBroker implements AutoCloseable {

  private static final List<String> JVM =
      List.of(
          "-Xms96m",
          "-Xmx320m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

  private final Path folder;
  private final Path settings;
  private final int port;
  private EngineProcess process;
  private boolean up = true;

  private KafkaBroker(Path folder, Path settings, int port) {
    this.folder = folder;
    this.settings = settings;
    this.port = port;
    this.process = launch();
  }

  /**
   * Starts a broker on a free port of loopback and waits until it takes requests, some five
   * seconds.
   *
   * @param folder an empty or missing folder for its data, settings and log
   */
  public static KafkaBroker start(Path folder) {
    try {
      Files.createDirectories(folder);
      int port = EngineProcess.freePort();
      Path settings = folder.resolve("server.properties");
      try (var out = Files.newOutputStream(settings)) {
        settings(folder, port, EngineProcess.freePort()).store(out, null);
      }
      return new KafkaBroker(folder, settings, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties settings(Path folder, int port, int controllerPort) {
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    settings.put("log.dirs", folder.resolve("logs").toString());
    settings.put("auto.create.topics.enable", "false");
    settings.put("num.partitions", "4");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("log.cleaner.dedupe.buffer.size", "4194304");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "2");
    // A broker that was killed is let in again once its former self counts as gone.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    return settings;
  }

  private EngineProcess launch() {
    return EngineProcess.start(
        KafkaServer.class, JVM, Map.of(), folder.resolve("broker.log"), settings.toString());
  }

  /** What clients connect to: {@code 127.0.0.1:port}, restarts included. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends it at once, as a power cut would (SIGKILL). */
  public void kill() {
    process.kill();
    up = false;
  }

  /** Ends it in good order (SIGTERM). */
  public void stop() {
    process.stop();
    up = false;
  }

  /** Starts it again after {@link #kill} or {@link #stop}, with its port and data. */
  public void restart() {
    if (!up) {
      process = launch();
      up = true;
    }
  }

  /** Has it stand still, connections and all (SIGSTOP). */
  public void stall() {
    process.stall();
  }

  /** Has it go on (SIGCONT). */
  public void resume() {
    process.resume();
  }

  /** Kills it, if it still runs. */
  @Override
  public void close() {
    if (up) {
      kill();
    }
  }
}
