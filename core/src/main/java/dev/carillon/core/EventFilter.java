package dev.carillon.core;

import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted: all whose attributes match every part that is given.
 *
 * @param type the event type, or its beginning followed by {@code *}; null for any
 * @param source the exact source; null for any
 * @param subject the exact subject; null for any
 */
public record EventFilter(
    @Nullable String type, @Nullable String source, @Nullable String subject) {

  private static final EventFilter ALL = new EventFilter(null, null, null);

  /** Every event. */
  public static EventFilter all() {
    return ALL;
  }

  /** Events of one type, or of all types that begin alike: {@code sample.*}. */
  public static EventFilter ofType(String type) {
    return new EventFilter(type, null, null);
  }

  /** This filter, and of this source only. */
  public EventFilter withSource(String source) {
    return new EventFilter(type, source, subject);
  }

  /** This filter, and of this subject only. */
  public EventFilter withSubject(String subject) {
    return new EventFilter(type, source, subject);
  }

  /** Whether this filter lets an event through. */
  public boolean matches(CloudEvent event) {
    return matchesType(event.getType())
        && (source == null || source.equals(event.getSource().toString()))
        && (subject == null || subject.equals(event.getSubject()));
  }

  private boolean matchesType(String actual) {
    if (type == null) {
      return true;
    }
    return type.endsWith("*")
        ? actual.startsWith(type.substring(0, type.length() - 1))
        : actual.equals(type);
  }
}
