package dev.carillon.testkit.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * ClickHouse for tests: the real engine as a library (libchdb), behind a small HTTP endpoint in a
 * process of its own, which can be killed and started again on the same port and the same data.
 *
 * <p>This is a test fixture, no server: the endpoint speaks what ClickHouse's Java client asks for
 * and no more, without users, without compression and with each answer in memory. With {@code
 * CARILLON_TEST_CLICKHOUSE_URL} set to a ClickHouse server's address the same class gives that
 * server instead, which cannot be killed: {@link #kill} and its like then do nothing.
 *
 * <p>Not thread-safe.
 */
public final class ClickHouseEngine implements AutoCloseable {

  private static final String SERVER = "CARILLON_TEST_CLICKHOUSE_URL";
  private static final String LIBRARY = "libchdb.so";

  private static final List<String> JVM =
      List.of(
          "-Xms32m",
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dsun.net.httpserver.nodelay=true"); // as ClickHouse: no answer waits 40 ms for an ACK

  private final Path folder;
  private final URI url;
  private @Nullable EngineProcess process;
  private final boolean ours;

  private ClickHouseEngine(Path folder, URI url, boolean ours) {
    this.folder = folder;
    this.url = url;
    this.ours = ours;
  }

  /**
   * Starts an engine on a free port of loopback and waits until it answers, some two seconds.
   *
   * @param folder an empty or missing folder for its data and log
   * @throws AssertionError if the library is not installed: {@code ./carillon test} does that
   */
  public static ClickHouseEngine start(Path folder) {
    String server = System.getenv(SERVER);
    if (server != null && !server.isBlank()) {
      return new ClickHouseEngine(folder, URI.create(server), false);
    }
    URI url = URI.create("http://127.0.0.1:" + EngineProcess.freePort());
    ClickHouseEngine engine = new ClickHouseEngine(folder, url, true);
    engine.restart();
    return engine;
  }

  /** Where it listens, restarts included. */
  public URI url() {
    return url;
  }

  /** Ends it at once, as a power cut would (SIGKILL). */
  public void kill() {
    if (process != null) {
      process.kill();
      process = null;
    }
  }

  /** Starts it again after {@link #kill}, with its port and data. */
  public void restart() {
    if (process == null && ours) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      process =
          EngineProcess.start(
              ClickHouseServer.class,
              JVM,
              // The engine handles signals that the JVM needs itself; with this they share them.
              Map.of("LD_PRELOAD", System.getProperty("java.home") + "/lib/libjsig.so"),
              folder.resolve("engine.log"),
              library().toString(),
              folder.resolve("data").toString(),
              Integer.toString(url.getPort()));
    }
  }

  /** Has it stand still, connections and all (SIGSTOP). */
  public void stall() {
    if (process != null) {
      process.stall();
    }
  }

  /** Has it go on (SIGCONT). */
  public void resume() {
    if (process != null) {
      process.resume();
    }
  }

  /** Where {@code ./carillon test} puts the library: in the user's cache, a folder a version. */
  private static Path library() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    Path library = caches.resolve(Path.of("carillon", "chdb", version(), LIBRARY));
    if (!Files.exists(library)) {
      throw new AssertionError(
          "the ClickHouse engine is not installed at %s: run ./carillon test once, or set %s"
              .formatted(library, SERVER));
    }
    return library;
  }

  private static String version() {
    Properties chdb = new Properties();
    try (var in = ClickHouseEngine.class.getResourceAsStream("chdb.properties")) {
      chdb.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return chdb.getProperty("version");
  }

  /** Kills it, if it still runs. */
  @Override
  public void close() {
    kill();
  }
}
