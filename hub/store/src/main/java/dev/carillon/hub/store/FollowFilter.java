package dev.carillon.hub.store;

import dev.carillon.hub.store.Tail.Placed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers from memory what {@link EventLog#follow} asks: type, source and subjects. */
final class FollowFilter {

  private FollowFilter() {}

  static Page page(List<Placed> recent, LogQuery query) {
    List<StoredEvent> events = new ArrayList<>();
    long next = query.after();
    for (Placed event : recent) {
      next = event.position();
      LogEntry entry = event.entry();
      if (matches(entry, query)) {
        events.add(new StoredEvent(next, new String(entry.json(), StandardCharsets.UTF_8)));
        if (events.size() == query.limit()) {
          return new Page(events, next, true);
        }
      }
    }
    return new Page(events, next, false);
  }

  private static boolean matches(LogEntry entry, LogQuery query) {
    return matchesType(entry.type(), query.type())
        && (query.source() == null || query.source().equals(entry.source()))
        && (query.subjects().isEmpty()
            || (entry.subject() != null && query.subjects().contains(entry.subject()))
            || entry.subjects().stream().anyMatch(query.subjects()::contains));
  }

  private static boolean matchesType(String actual, @Nullable String wanted) {
    if (wanted == null) {
      return true;
    }
    return wanted.endsWith("*")
        ? actual.startsWith(wanted.substring(0, wanted.length() - 1))
        : actual.equals(wanted);
  }
}
