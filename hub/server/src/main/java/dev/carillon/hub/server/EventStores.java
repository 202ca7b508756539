package dev.carillon.hub.server;

import dev.carillon.hub.store.EmbeddedEventLog;
import dev.carillon.hub.store.EventLog;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a hub keeps of events that never change.
 *
 * @param log the event log
 * @param schemas the schemas of event types
 */
record EventStores(EventLog log, SchemaStore schemas) implements AutoCloseable {

  /** Opens both in a folder, or none. */
  static EventStores open(Path folder) throws IOException {
    EventLog log = EmbeddedEventLog.open(folder, EmbeddedEventLog.Settings.ofDefaults());
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
