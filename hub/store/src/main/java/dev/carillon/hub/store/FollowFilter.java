package dev.carillon.hub.store;

import dev.carillon.hub.store.Labels.Kind;
import dev.carillon.hub.store.Tail.Placed;
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
        events.add(new StoredEvent(next, entry.json()));
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
        && (query.subjects().isEmpty() || hasAny(entry, query.subjects()));
  }

  private static boolean hasAny(LogEntry entry, List<String> wanted) {
    String labels = entry.labels();
    for (String subject : wanted) {
      if (subject.equals(entry.subject())
          || (labels != null && labels.contains(Labels.search(Kind.SUBJECT, subject)))) {
        return true;
      }
    }
    return false;
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
