package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Conversation analytics as a whole: the log that makes operations durable, the store that answers,
 * and, where this process has one, the writer between them. Thread-safe.
 */
public final class Analytics implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Analytics.class);

  private final OperationLog operations;
  private final AnalyticsStore store;
  private final @Nullable AnalyticsWriter writer;
  private final AutoCloseable rest;

  /**
   * Puts the parts together; they belong to it from now on.
   *
   * @param writer started already; null if another process writes
   * @param rest closed last
   */
  public Analytics(
      OperationLog operations,
      AnalyticsStore store,
      @Nullable AnalyticsWriter writer,
      AutoCloseable rest) {
    this.operations = operations;
    this.store = store;
    this.writer = writer;
    this.rest = rest;
  }

  /**
   * Analytics of one machine: a journal and DuckDB in a folder.
   *
   * @throws IOException with a text fit for a person, if the folder cannot be written, is in use by
   *     another process, or holds something else
   */
  public static Analytics embedded(
      Path folder, EmbeddedAnalyticsStore.Settings settings, Clock clock) throws IOException {
    DataFolder data = DataFolder.take(folder);
    try {
      EmbeddedAnalyticsStore store = EmbeddedAnalyticsStore.open(folder, settings, clock);
      return journaled(data, store, store);
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  /**
   * Analytics whose log is a journal in a folder of this machine.
   *
   * @param store belongs to what is returned, also if this fails
   * @throws IOException with a text fit for a person, if the folder cannot be written or is in use
   *     by another process
   */
  public static Analytics journaled(Path folder, AnalyticsStore store, DeadLetters deadLetters)
      throws IOException {
    DataFolder data;
    try {
      data = DataFolder.take(folder);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
    try {
      return journaled(data, store, deadLetters);
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  /** Whether the journal of a folder, if it has one, holds operations; they may be stored. */
  public static boolean holdsOperations(Path folder) throws IOException {
    Path journal = DataFolder.journal(folder);
    if (!Files.isDirectory(journal)) {
      return false;
    }
    long before = Replay.before(journal);
    return Replay.last(journal, before) > before;
  }

  /**
   * Brings into a store what the journal of a folder still holds, waits for it, and empties the
   * journal: for analytics whose log is another one from now on.
   *
   * @throws IOException with a text fit for a person, if the folder is in use by another process or
   *     not all can be stored; the journal is left as it is then
   */
  public static void drain(Path folder, AnalyticsStore store, DeadLetters deadLetters)
      throws IOException {
    DataFolder data = DataFolder.take(folder);
    try (data) {
      JournalOperationLog journal = open(data, store);
      AnalyticsWriter writer = writer(journal, store, deadLetters);
      try {
        journal.awaitStored();
      } finally {
        journal.close();
        writer.close();
      }
      open(data, store).close(); // begins anew behind what is stored
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "the journal in "
              + folder
              + " holds operations that must be stored before others come from elsewhere; start"
              + " again when they can be: "
              + e.getMessage(),
          e);
    }
  }

  private static JournalOperationLog open(DataFolder folder, AnalyticsStore store)
      throws IOException {
    return JournalOperationLog.open(
        folder.journal(),
        store.position(JournalOperationLog.SOURCE),
        JournalOperationLog.Settings.ofDefaults());
  }

  private static AnalyticsWriter writer(
      JournalOperationLog journal, AnalyticsStore store, DeadLetters deadLetters) {
    AnalyticsWriter writer =
        new AnalyticsWriter(journal, store, deadLetters, AnalyticsWriter.Settings.ofDefaults());
    writer.start();
    return writer;
  }

  private static Analytics journaled(
      DataFolder folder, AnalyticsStore store, DeadLetters deadLetters) throws IOException {
    try {
      JournalOperationLog journal = open(folder, store);
      return new Analytics(journal, store, writer(journal, store, deadLetters), folder);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Where operations go. */
  public OperationLog operations() {
    return operations;
  }

  /** Where answers come from. */
  public AnalyticsStore store() {
    return store;
  }

  /** What brings the one to the other; null where another process writes. */
  public @Nullable AnalyticsWriter writer() {
    return writer;
  }

  /** What the writer did; nothing where another process writes. */
  public AnalyticsWriter.Stats writerStats() {
    return writer == null ? AnalyticsWriter.Stats.NONE : writer.stats();
  }

  /** How many durable operations this process has yet to store; empty if that is not known. */
  public OptionalLong lag() {
    return writer == null ? OptionalLong.of(0) : writer.lag();
  }

  /** Whether operations can be taken, stored and read now. */
  public boolean isReady() {
    return operations.isReady() && store.isReady() && (writer == null || writer.isHealthy());
  }

  /** Takes no more, writes what was acknowledged, and lets go of everything. */
  @Override
  public void close() {
    operations.close();
    if (writer != null) {
      writer.close();
    }
    store.close();
    try {
      rest.close();
    } catch (Exception e) {
      log.debug("closing", e);
    }
  }
}
