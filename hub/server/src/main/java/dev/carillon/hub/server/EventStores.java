package dev.carillon.hub.server;

import dev.carillon.hub.store.EmbeddedEventLog;
import dev.carillon.hub.store.EventLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * What a hub keeps of events that never change.
 *
 * @param log the event log
 * @param schemas the schemas of event types
 */
record EventStores(EventLog log, SchemaStore schemas) implements AutoCloseable {

  /**
   * Opens both in a folder, or none.
   *
   * @param retention how long events stay; zero keeps all
   */
  static EventStores open(Path folder, Duration retention) throws IOException {
    EmbeddedEventLog.Settings settings =
        EmbeddedEventLog.Settings.ofDefaults().withRetention(retention);
    EventLog log = EmbeddedEventLog.open(folder, settings, Clock.systemUTC());
    try {
      return new EventStores(log, SchemaStore.open(folder.resolve("schemas")));
    } catch (IOException | RuntimeException | Error e) {
      log.close();
      throw e;
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
