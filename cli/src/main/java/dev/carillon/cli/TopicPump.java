package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.TopicEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Publishes the events of a stream, one a line, in batches; bad lines don't stop the others. */
final class TopicPump {

  private static final int MAX_LINE_BYTES = 4 << 20;
  private static final int MAX_EVENTS = 500;

  private final EventGridClient client;
  private final String topic;
  private final Progress progress;
  private final List<String> places = new ArrayList<>();
  private final List<TopicEvent> batch = new ArrayList<>();
  private long sent;
  private long acknowledged;
  private long failed;

  TopicPump(EventGridClient client, String topic, Progress progress) {
    this.client = client;
    this.topic = topic;
    this.progress = progress;
  }

  void publish(InputStream in, TopicEventReader reader) throws IOException {
    try (BoundedLines lines = new BoundedLines(in, MAX_LINE_BYTES)) {
      while (lines.next()) {
        String place = "line " + lines.number();
        byte[] line = lines.line();
        if (lines.isTooLong()) {
          refuse(place, "longer than " + MAX_LINE_BYTES + " bytes");
        } else if (!new String(line, StandardCharsets.UTF_8).isBlank()) {
          read(place, line, reader);
        }
        progress.read(lines.bytesRead());
        if (batch.size() == MAX_EVENTS || !lines.isReady()) {
          flush();
        }
      }
    }
    flush();
  }

  private void read(String place, byte[] line, TopicEventReader reader) {
    try {
      add(place, reader.read(line));
    } catch (BadMessageException e) {
      refuse(place, String.valueOf(e.getMessage()));
    }
  }

  void add(String place, TopicEvent event) {
    places.add(place);
    batch.add(event);
  }

  /** Sends what has been added and waits for its outcomes. */
  void flush() {
    if (batch.isEmpty()) {
      return;
    }
    sent += batch.size();
    List<Outcome> outcomes = client.emitEvents(topic, batch);
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Failed failure) {
        EventException error = failure.error();
        refuse(
            places.get(i) + " (id " + failure.eventId() + ")", String.valueOf(error.getMessage()));
      } else {
        acknowledged++;
      }
    }
    progress.answered(acknowledged + failed);
    places.clear();
    batch.clear();
  }

  private void refuse(String place, String reason) {
    failed++;
    progress.note(place + ": " + reason);
  }

  boolean hasFailures() {
    return failed > 0;
  }

  @Override
  public String toString() {
    return "sent %d, acknowledged %d, failed %d".formatted(sent, acknowledged, failed);
  }
}
