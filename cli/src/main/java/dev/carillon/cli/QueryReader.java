package dev.carillon.cli;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventQuery;
import dev.carillon.dataservices.StoredEvent;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Reads every event back by the Data Services query. */
final class QueryReader {

  ReadBack readAll(URI hub) {
    Map<String, Long> counts = new HashMap<>();
    try (EventClient client = EventClient.of(hub.toString());
        Stream<StoredEvent> events = client.streamEvents(EventQuery.all())) {
      events.forEach(event -> counts.merge(String.valueOf(event.id()), 1L, Long::sum));
    }
    return new ReadBack(counts);
  }
}
