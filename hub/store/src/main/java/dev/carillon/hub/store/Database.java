package dev.carillon.hub.store;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DuckDB file of a log: one writing connection, readers beside it, and a way to begin anew
 * after an error that DuckDB does not get over by itself. The writer belongs to one thread; the
 * rest is thread-safe.
 */
final class Database implements AutoCloseable {

  /** How many rows DuckDB compresses and writes together. */
  static final int ROW_GROUP = 122_880;

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /**
   * Each checkpoint rewrites the unfilled row group, so that at the default of 16 MB they cost
   * thrice the rest; and a start after a crash reads as much again.
   */
  private static final String CHECKPOINT_THRESHOLD = "128MB";

  /** Half of the machine: DuckDB's threads spin while they wait for each other. */
  private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  /** What DuckDB says when its memory is full. */
  private static final List<String> NO_MEMORY =
      List.of("Out of Memory", "failed to pin", "failed to allocate");

  /** What it says when it does nothing any more until its file is opened again. */
  private static final String INVALID = "FATAL Error";

  /** What it says when the disk is. */
  private static final List<String> NO_ROOM = List.of("No space left", "Could not write");

  private static final long LEAST_MEMORY_MB = 256;
  private static final long MOST_MEMORY_MB = 2048;

  private final Path file;
  private final Properties settings = new Properties();
  private volatile boolean invalid;
  private volatile @Nullable SameFile opened; // which no other may take the place of
  private @Nullable DuckDBConnection root;
  private @Nullable DuckDBConnection writer;
  private boolean closed;

  Database(Path file, String memoryLimit) throws SQLException {
    this.file = file;
    settings.setProperty("memory_limit", memoryLimit);
    settings.setProperty("threads", Integer.toString(THREADS));
    settings.setProperty("temp_directory", file.resolveSibling("tmp").toString());
    settings.setProperty("checkpoint_threshold", CHECKPOINT_THRESHOLD);
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    writer();
  }

  /** An eighth of what the machine has, from 256 MB to 2 GB. */
  static String fairMemory() {
    long bytes =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.max(LEAST_MEMORY_MB, Math.min(MOST_MEMORY_MB, (bytes >> 20) / 8)) + "MB";
  }

  synchronized DuckDBConnection writer() throws SQLException {
    if (closed) {
      throw new SQLException("the database is closed");
    }
    if (root == null) {
      root = open();
      invalid = false;
      UnpackedLibrary.forget();
    }
    if (writer == null) {
      writer = root.duplicate();
    }
    return writer;
  }

  private DuckDBConnection open() throws SQLException {
    try {
      DuckDBConnection connection =
          (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, settings);
      if (opened == null) {
        opened = SameFile.at(file);
      }
      return connection;
    } catch (LinkageError e) {
      throw UnpackedLibrary.notLoaded(e);
    } catch (IOException e) {
      throw new SQLException("the file of the database is gone", e);
    }
  }

  /** Whether a transaction can be committed at all; asked by the writer's thread. */
  boolean isWritable() {
    try {
      requireInPlace();
      Sql.execute(writer(), "CREATE OR REPLACE TABLE probe AS SELECT now() AS at");
      return true;
    } catch (SQLException e) {
      failed(e);
      return false;
    }
  }

  /** Ends the writer's transaction without a trace, if there is one. */
  void rollBack() {
    try {
      Sql.execute(writer(), "ROLLBACK");
    } catch (SQLException e) {
      log.debug("a transaction was not rolled back", e); // it ended with its connection
    }
  }

  /** A new connection for one read, which the caller closes. */
  synchronized DuckDBConnection reader() throws SQLException {
    if (closed || root == null) {
      throw new SQLException("the database is not open");
    }
    return root.duplicate();
  }

  /**
   * Lets go of the file, or has the last read under way do so when it ends; a {@link #writer} after
   * that opens it again, one before that comes back to the same instance. After an error such as a
   * full disk DuckDB refuses all work until the file is opened again. A file that is gone stays
   * open: what took its place might else pass for it.
   */
  synchronized void reset() {
    if (isInPlace()) {
      invalid = true; // until it is opened again
      letGo();
    }
  }

  private void letGo() {
    closeQuietly(writer);
    closeQuietly(root);
    writer = null;
    root = null;
  }

  /** Notes what failed: after some of that DuckDB refuses all work until a {@link #reset}. */
  void failed(Exception reason) {
    if (String.valueOf(reason.getMessage()).contains(INVALID)) {
      invalid = true;
    }
  }

  /** Notes that something could be written: what failed before was of an instance that is gone. */
  void worked() {
    invalid = false;
  }

  /** Whether it can be used, as far as is known from what failed, and is where it should be. */
  boolean isUsable() {
    return !invalid && isInPlace();
  }

  /** Fails if DuckDB is known to refuse all work. */
  void requireValid() throws SQLException {
    if (invalid) {
      throw new SQLException("the database refuses all work after what failed before");
    }
  }

  /**
   * What a read that failed means for who waits for it. What DuckDB says of it, with pieces of SQL,
   * is for the log.
   */
  RuntimeException unread(Exception reason) {
    log.warn("a read failed: {}", reason.toString());
    failed(reason);
    if (reason instanceof SQLTimeoutException) {
      return new LogFullException("this takes too long: ask for less at once");
    }
    return says(reason, NO_MEMORY)
        ? new LogFullException("this needs more memory than there is: ask for less at once")
        : new LogUnavailableException("the database cannot be read now", reason);
  }

  /**
   * Whether a write failed for want of memory or of room on the disk: what was to be written has no
   * part in that.
   */
  static boolean isShort(Exception reason) {
    return says(reason, NO_MEMORY) || says(reason, NO_ROOM);
  }

  private static boolean says(Exception reason, List<String> words) {
    String message = String.valueOf(reason.getMessage());
    return words.stream().anyMatch(message::contains);
  }

  /** Whether the file is where a start would find it. */
  boolean isInPlace() {
    SameFile known = opened;
    return known != null && known.isInPlace();
  }

  /** Fails if it is not, and what is written now would be lost. */
  void requireInPlace() throws SQLException {
    if (!isInPlace()) {
      throw new SQLException("the file of the database is gone");
    }
  }

  /** The size of the file and of its write-ahead log. */
  long sizeBytes() {
    return sizeOf(file) + sizeOf(file.resolveSibling(file.getFileName() + ".wal"));
  }

  private static long sizeOf(Path path) {
    return path.toFile().length(); // 0 when there is none
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (root != null) {
      try (Statement statement = root.createStatement()) {
        statement.execute("CHECKPOINT");
      } catch (SQLException e) {
        log.debug("the database closes without a checkpoint", e);
      }
    }
    letGo();
  }

  private static void closeQuietly(@Nullable DuckDBConnection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      log.debug("closing a connection", e);
    }
  }
}
