package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.TopicEvent;
import java.util.ArrayList;
import java.util.List;

/** Publishes events to a topic in batches. Not thread-safe. */
final class TopicPump implements LineTarget {

  private static final int MAX_EVENTS = 500;

  private final EventGridClient client;
  private final String topic;
  private final TopicEventReader reader;
  private final Tally tally;
  private final List<String> places = new ArrayList<>();
  private final List<TopicEvent> batch = new ArrayList<>();

  TopicPump(EventGridClient client, String topic, TopicEventReader reader, Tally tally) {
    this.client = client;
    this.topic = topic;
    this.reader = reader;
    this.tally = tally;
  }

  @Override
  public void add(String place, byte[] line) throws BadMessageException {
    add(place, reader.read(line));
  }

  void add(String place, TopicEvent event) {
    places.add(place);
    batch.add(event);
    if (batch.size() == MAX_EVENTS) {
      flush();
    }
  }

  /** Sends what has been added and waits for its outcomes. */
  @Override
  public void flush() {
    if (batch.isEmpty()) {
      return;
    }
    tally.sent(batch.size());
    List<Outcome> outcomes = client.emitEvents(topic, batch);
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Failed failure) {
        tally.failed(places.get(i), "id " + failure.eventId(), failure.error());
      } else {
        tally.acknowledged();
      }
    }
    places.clear();
    batch.clear();
  }

  @Override
  public void finish() {
    flush();
  }
}
