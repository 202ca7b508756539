package dev.carillon.examples;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventQuery;
import dev.carillon.dataservices.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Published events are read back by topic, subject, tag, time, trace id, organization and user. */
public final class ReadingBack {

  private ReadingBack() {}

  /** What a user did in the last day, newest first, ten at most. */
  public static List<StoredEvent> lastActionsOf(EventClient client, String userId) {
    EventQuery query =
        EventQuery.builder()
            .topic("user.action.*")
            .userId(userId)
            .createdFrom(Instant.now().minus(Duration.ofDays(1)))
            .newestFirst()
            .build();
    return client.queryEvents(query, 10, 0);
  }

  /** How many events bear a tag, counted without holding them all. */
  public static long count(EventClient client, String tag) {
    // docs:begin query-stream
    return client.streamEvents(EventQuery.builder().tags(tag).build()).count();
    // docs:end query-stream
  }
}
