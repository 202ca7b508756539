package dev.carillon.hub.server;

import dev.carillon.formats.EventFormats;
import dev.carillon.hub.amqp.AmqpRecorder;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogEntry;
import io.cloudevents.CloudEvent;
import io.cloudevents.rw.CloudEventRWException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stores events that came over AMQP, held to the same rules as those that come over HTTP. */
final class AmqpArchive implements AmqpRecorder {

  private static final long STORE_SECONDS = 30;

  private final EventLog events;
  private final Metrics metrics;

  AmqpArchive(EventLog events, Metrics metrics) {
    this.events = events;
    this.metrics = metrics;
  }

  @Override
  public List<@Nullable String> record(List<CloudEvent> received) throws Exception {
    List<@Nullable String> reasons = new ArrayList<>(received.size());
    List<LogEntry> entries = new ArrayList<>(received.size());
    for (CloudEvent event : received) {
      Reading<LogEntry> reading = read(event);
      LogEntry entry = reading.entry();
      if (entry != null) {
        entries.add(entry);
      }
      reasons.add(entry != null ? null : reason(reading));
    }
    if (!entries.isEmpty()) {
      events.append(entries).get(STORE_SECONDS, TimeUnit.SECONDS);
      metrics.received(entries.size());
    }
    return reasons;
  }

  private static Reading<LogEntry> read(CloudEvent event) {
    try {
      byte[] json = EventFormats.json().serialize(event);
      return json.length > Bodies.MAX_EVENT
          ? wrong("has " + json.length + " bytes, more than the " + Bodies.MAX_EVENT + " taken")
          : Reading.one(json, (parser, index) -> CloudEventReader.read(parser, ""));
    } catch (BadRequestException | CloudEventRWException e) {
      return wrong(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // whichever: it costs this event, not all that follow
      return wrong("cannot be read: " + e);
    }
  }

  private static Reading<LogEntry> wrong(String message) {
    return Reading.wrong(List.of(new Violation("event", message)));
  }

  private static String reason(Reading<LogEntry> reading) {
    return Violation.text(reading.violations());
  }
}
