package dev.carillon.hub.store;

import org.jspecify.annotations.Nullable;

/**
 * Fields of an analytics event, each of them given or not: encoded once, and beside it what queries
 * work with. Whoever makes them has checked the values. Made by {@link #builder}, or read back from
 * their JSON by {@link #of}.
 *
 * @param conversationId the conversation; null if not given
 * @param eventName the event's name; null if not given
 * @param failed whether the event tells of an error; null if that is not given
 * @param latency in milliseconds, finite and not negative; null if not given
 * @param json all given fields as a JSON object on one line, named as on the wire, in any order;
 *     not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // fields are not compared, and a copy costs each event
public record EventFields(
    @Nullable String conversationId,
    @Nullable String eventName,
    @Nullable Boolean failed,
    @Nullable Double latency,
    byte[] json) {

  /** No field at all. */
  public static final EventFields NONE = builder().build();

  /** Begins with no field given. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads fields back from their JSON; members that are none are ignored.
   *
   * @throws IllegalArgumentException if it is no JSON object, or a field has a value that it cannot
   *     have
   */
  public static EventFields of(byte[] json) {
    return FieldsJson.read(json);
  }

  /** These fields, and where one is not given, the base's. */
  public EventFields over(EventFields base) {
    return new EventFields(
        conversationId == null ? base.conversationId : conversationId,
        eventName == null ? base.eventName : eventName,
        failed == null ? base.failed : failed,
        latency == null ? base.latency : latency,
        FieldsJson.over(base.json, json));
  }

  /** All values, with {@code ""}, 0 and empty lists for what is not given. */
  public Values values() {
    return FieldsJson.decode(json).values();
  }

  /**
   * All fields of an event.
   *
   * @param conversationId the conversation
   * @param conversationMetadata a JSON text, or empty
   * @param eventName the event's name
   * @param error the error's text; empty if there was none
   * @param latency in milliseconds
   * @param input what went in
   * @param inputEmbeddings its embeddings; not to be changed
   * @param output what came out
   * @param outputEmbeddings its embeddings; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  public record Values(
      String conversationId,
      String conversationMetadata,
      String eventName,
      String error,
      double latency,
      String input,
      double[] inputEmbeddings,
      String output,
      double[] outputEmbeddings) {}

  /** Collects fields; null leaves a field as it is. Not thread-safe. */
  public static final class Builder {
    private static final double[] EMPTY = {};

    @Nullable String conversationId;
    @Nullable String conversationMetadata;
    @Nullable String eventName;
    @Nullable String error;
    @Nullable Double latency;
    @Nullable String input;
    double @Nullable [] inputEmbeddings;
    @Nullable String output;
    double @Nullable [] outputEmbeddings;
    int members; // of the JSON that they were read from

    private Builder() {}

    /** Sets the conversation. */
    public Builder conversationId(@Nullable String value) {
      conversationId = value == null ? conversationId : value;
      return this;
    }

    /** Sets the conversation's metadata, a JSON text or empty. */
    public Builder conversationMetadata(@Nullable String value) {
      conversationMetadata = value == null ? conversationMetadata : value;
      return this;
    }

    /** Sets the event's name. */
    public Builder eventName(@Nullable String value) {
      eventName = value == null ? eventName : value;
      return this;
    }

    /** Sets the error; empty means none. */
    public Builder error(@Nullable String value) {
      error = value == null ? error : value;
      return this;
    }

    /** Sets the latency in milliseconds. */
    public Builder latency(@Nullable Double value) {
      latency = value == null ? latency : value;
      return this;
    }

    /** Sets what went in. */
    public Builder input(@Nullable String value) {
      input = value == null ? input : value;
      return this;
    }

    /** Sets the embeddings of what went in. */
    public Builder inputEmbeddings(double @Nullable [] value) {
      inputEmbeddings = value == null ? inputEmbeddings : value;
      return this;
    }

    /** Sets what came out. */
    public Builder output(@Nullable String value) {
      output = value == null ? output : value;
      return this;
    }

    /** Sets the embeddings of what came out. */
    public Builder outputEmbeddings(double @Nullable [] value) {
      outputEmbeddings = value == null ? outputEmbeddings : value;
      return this;
    }

    /** How many fields are given. */
    int count() {
      @Nullable Object[] fields = {
        conversationId,
        conversationMetadata,
        eventName,
        error,
        latency,
        input,
        inputEmbeddings,
        output,
        outputEmbeddings
      };
      int count = 0;
      for (Object field : fields) {
        count += field == null ? 0 : 1;
      }
      return count;
    }

    /** Whether no field is given. */
    public boolean isEmpty() {
      return count() == 0;
    }

    /** The fields, encoded. */
    public EventFields build() {
      return build(FieldsJson.write(this));
    }

    EventFields build(byte[] json) {
      Boolean failed = error == null ? null : !error.isEmpty();
      return new EventFields(conversationId, eventName, failed, latency, json);
    }

    private Values values() {
      return new Values(
          orEmpty(conversationId),
          orEmpty(conversationMetadata),
          orEmpty(eventName),
          orEmpty(error),
          latency == null ? 0 : latency,
          orEmpty(input),
          inputEmbeddings == null ? EMPTY : inputEmbeddings,
          orEmpty(output),
          outputEmbeddings == null ? EMPTY : outputEmbeddings);
    }

    private static String orEmpty(@Nullable String value) {
      return value == null ? "" : value;
    }
  }
}
