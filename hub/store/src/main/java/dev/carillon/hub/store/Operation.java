package dev.carillon.hub.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants done with one event of conversation analytics, checked and ready to be
 * carried out. Operations on one event are carried out in the order in which they were
 * acknowledged.
 *
 * @param kind what is to be done
 * @param eventId the event it is done to
 * @param at when it was received, in whole milliseconds
 * @param fields what is given: of a create everything, of an update what is to change, of a delete
 *     nothing
 */
public record Operation(Kind kind, UUID eventId, Instant at, EventFields fields) {

  /** What can be done with an event. */
  public enum Kind {
    CREATE("create"),
    UPDATE("update"),
    DELETE("delete");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** The kind that a name on the wire stands for; null if it is none. */
    public static @Nullable Kind named(String wireName) {
      for (Kind kind : values()) {
        if (kind.wireName.equals(wireName)) {
          return kind;
        }
      }
      return null;
    }

    /** Its name on the wire. */
    public String wireName() {
      return wireName;
    }
  }

  /**
   * Reads an operation back from its JSON, as a journal or a topic holds it.
   *
   * @throws IllegalArgumentException if it is not the JSON of an operation
   */
  public static Operation of(byte[] json) {
    return OperationJson.read(json);
  }

  /**
   * The operation in JSON, on one line: {@code operation}, {@code event_id}, {@code timestamp}, and
   * {@code data} unless it is a delete.
   */
  public byte[] toJson() {
    return OperationJson.write(this);
  }
}
