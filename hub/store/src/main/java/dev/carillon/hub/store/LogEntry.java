package dev.carillon.hub.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way into the log: the CloudEvent encoded once, and beside it what queries filter
 * by. Made by {@link #builder}, or read back from its JSON by {@link #of}.
 *
 * @param id the CloudEvent's id
 * @param source the CloudEvent's source
 * @param type the CloudEvent's type
 * @param subject the CloudEvent's subject, which is the first of its subjects
 * @param time the CloudEvent's time
 * @param labels what else queries filter by, as {@link Labels} in one text; null if there is
 *     nothing
 * @param freshId whether the hub has just made the id, so that it cannot be in the log yet
 * @param json the event in the JSON format of CloudEvents 1.0, on one line; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // entries are not compared, and a copy costs each event
public record LogEntry(
    String id,
    String source,
    String type,
    @Nullable String subject,
    Instant time,
    @Nullable String labels,
    boolean freshId,
    byte[] json)
    implements Journal.Entry {

  /** Begins an event of the three attributes that every event has. */
  public static Builder builder(String id, String source, String type) {
    return new Builder(id, source, type);
  }

  /** Begins an event that came without an id: it gets a new one. */
  public static Builder builder(String source, String type) {
    Builder event = new Builder(HubIds.next(), source, type);
    event.freshId = true;
    return event;
  }

  /**
   * Reads an event back from its JSON.
   *
   * @throws IllegalArgumentException if it is not the JSON of an event as {@link #json} holds it
   */
  public static LogEntry of(byte[] json) {
    return EventJson.read(json);
  }

  /**
   * The values of an attribute that holds a list: the strings of a JSON array's text; a text that
   * is none counts as one value.
   */
  public static List<String> listOf(String text) {
    return Labels.listOf(text);
  }

  /** Collects an event. Whoever fills it has checked the values. Not thread-safe. */
  public static final class Builder {
    final String id;
    final String source;
    final String type;
    final Map<String, Object> attributes = new LinkedHashMap<>(4);
    @Nullable String subject;
    @Nullable Instant time;
    boolean freshId;
    byte @Nullable [] data;
    @Nullable String dataBase64;
    List<String> subjects = List.of();
    List<String> tags = List.of();
    List<String> traceIds = List.of();

    private Builder(String id, String source, String type) {
      this.id = id;
      this.source = source;
      this.type = type;
    }

    /** Sets the subject. */
    public Builder subject(@Nullable String subject) {
      this.subject = subject;
      return this;
    }

    /** Sets all subjects; the first becomes the event's subject. */
    public Builder subjects(List<String> subjects) {
      this.subject = subjects.isEmpty() ? null : subjects.get(0);
      this.subjects = subjects.size() == 1 ? List.of() : subjects;
      return this;
    }

    /** Sets the tags. */
    public Builder tags(List<String> tags) {
      this.tags = tags;
      return this;
    }

    /** Sets the trace ids. */
    public Builder traceIds(List<String> traceIds) {
      this.traceIds = traceIds;
      return this;
    }

    /** Sets when the event happened; the time of {@link #build} if it is not given. */
    public Builder time(@Nullable Instant time) {
      this.time = time;
      return this;
    }

    /**
     * Adds a further attribute: {@code datacontenttype}, {@code dataschema} or an extension.
     *
     * @param value a String, Boolean or Integer; null adds nothing
     */
    public Builder attribute(String name, @Nullable Object value) {
      if (value != null) {
        attributes.put(name, value);
      }
      return this;
    }

    /** Sets the data, a JSON value on one line. */
    public Builder data(byte @Nullable [] json) {
      this.data = json;
      return this;
    }

    /** Sets data that is not JSON. */
    public Builder dataBase64(@Nullable String base64) {
      this.dataBase64 = base64;
      return this;
    }

    /** The event, encoded. */
    public LogEntry build() {
      if (time == null) {
        time = Instant.now();
      }
      return EventJson.write(this, time);
    }
  }
}
