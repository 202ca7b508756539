package dev.carillon.analytics;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of a conversation, to be tracked. A valid one: what the service would refuse cannot be
 * made, as far as that can be told here. Immutable.
 *
 * @param id a UUID; tracking an event again under the same id makes no second event. One that is
 *     not given is of version 7: those of a process sort as they were made, which keeps events of
 *     one batch in order
 * @param conversationId the conversation or session, 1 to 256 characters
 * @param eventName what happened; services take {@code event_a}, {@code event_b} and {@code
 *     event_c} unless configured otherwise
 * @param conversationMetadata what the application says about the conversation; may be none
 * @param error what went wrong; empty for nothing
 * @param latency how long it took, in milliseconds
 * @param input what went in; may be empty
 * @param inputEmbeddings the vector of what went in; may be empty
 * @param output what came out; may be empty
 * @param outputEmbeddings the vector of what came out; may be empty
 */
public record TrackedEvent(
    String id,
    String conversationId,
    String eventName,
    ConversationMetadata conversationMetadata,
    String error,
    double latency,
    String input,
    List<Float> inputEmbeddings,
    String output,
    List<Float> outputEmbeddings) {

  /**
   * Checks everything and copies the vectors.
   *
   * @throws AnalyticsValidationException that names every field that is not valid
   */
  public TrackedEvent {
    inputEmbeddings = Embedding.copyOf(inputEmbeddings);
    outputEmbeddings = Embedding.copyOf(outputEmbeddings);
    new Rules()
        .id(id)
        .conversationId(conversationId)
        .eventName(eventName)
        .text("error", error)
        .latency(latency)
        .text("input", input)
        .embeddings("input_embeddings", inputEmbeddings)
        .text("output", output)
        .embeddings("output_embeddings", outputEmbeddings)
        .check();
  }

  /** An event with nothing but its conversation and name. */
  public static TrackedEvent of(String conversationId, String eventName) {
    return builder(conversationId, eventName).build();
  }

  /** Starts an event with what each must have. */
  public static Builder builder(String conversationId, String eventName) {
    return new Builder(conversationId, eventName);
  }

  /**
   * Collects an event's fields. What is set to null counts as not given, as if it had never been
   * set. Not thread-safe.
   */
  public static final class Builder {
    private static final OrderedIds ids = new OrderedIds(System::currentTimeMillis);

    private final String conversationId;
    private final String eventName;
    private String id = "";
    private ConversationMetadata conversationMetadata = ConversationMetadata.none();
    private String error = "";
    private double latency;
    private String input = "";
    private List<Float> inputEmbeddings = Embedding.NONE;
    private String output = "";
    private List<Float> outputEmbeddings = Embedding.NONE;

    private Builder(String conversationId, String eventName) {
      this.conversationId = conversationId;
      this.eventName = eventName;
    }

    /** Sets {@link TrackedEvent#id}; null or empty for a new one. */
    public Builder id(@Nullable String id) {
      this.id = Objects.requireNonNullElse(id, "");
      return this;
    }

    /** Sets {@link TrackedEvent#conversationMetadata}; null for none. */
    public Builder conversationMetadata(@Nullable ConversationMetadata metadata) {
      this.conversationMetadata = Objects.requireNonNullElse(metadata, ConversationMetadata.none());
      return this;
    }

    /** Sets {@link TrackedEvent#conversationMetadata} from JSON text; null or empty for none. */
    public Builder conversationMetadata(@Nullable String json) {
      return conversationMetadata(json == null ? null : ConversationMetadata.ofJson(json));
    }

    /** Sets {@link TrackedEvent#conversationMetadata} from a map; null or empty for none. */
    public Builder conversationMetadata(@Nullable Map<String, ?> members) {
      return conversationMetadata(members == null ? null : ConversationMetadata.of(members));
    }

    /** Sets {@link TrackedEvent#error}; null or empty for nothing. */
    public Builder error(@Nullable String error) {
      this.error = Objects.requireNonNullElse(error, "");
      return this;
    }

    /** Sets {@link TrackedEvent#latency}, in milliseconds; 0 by default. */
    public Builder latency(double milliseconds) {
      this.latency = milliseconds;
      return this;
    }

    /** Sets {@link TrackedEvent#latency}, in milliseconds; null for 0. */
    public Builder latency(@Nullable Double milliseconds) {
      this.latency = Objects.requireNonNullElse(milliseconds, 0.0);
      return this;
    }

    /** Sets {@link TrackedEvent#input}; null or empty for none. */
    public Builder input(@Nullable String input) {
      this.input = Objects.requireNonNullElse(input, "");
      return this;
    }

    /** Sets {@link TrackedEvent#inputEmbeddings}; null or empty for none. */
    public Builder inputEmbeddings(float @Nullable ... vector) {
      this.inputEmbeddings = vector == null ? Embedding.NONE : Embedding.copyOf(vector);
      return this;
    }

    /**
     * Sets {@link TrackedEvent#inputEmbeddings}; null or empty for none, each number is rounded to
     * a float.
     */
    public Builder inputEmbeddings(@Nullable List<? extends Number> vector) {
      this.inputEmbeddings = vector == null ? Embedding.NONE : Embedding.copyOf(vector);
      return this;
    }

    /** Sets {@link TrackedEvent#output}; null or empty for none. */
    public Builder output(@Nullable String output) {
      this.output = Objects.requireNonNullElse(output, "");
      return this;
    }

    /** Sets {@link TrackedEvent#outputEmbeddings}; null or empty for none. */
    public Builder outputEmbeddings(float @Nullable ... vector) {
      this.outputEmbeddings = vector == null ? Embedding.NONE : Embedding.copyOf(vector);
      return this;
    }

    /**
     * Sets {@link TrackedEvent#outputEmbeddings}; null or empty for none, each number is rounded to
     * a float.
     */
    public Builder outputEmbeddings(@Nullable List<? extends Number> vector) {
      this.outputEmbeddings = vector == null ? Embedding.NONE : Embedding.copyOf(vector);
      return this;
    }

    /**
     * Makes the event.
     *
     * @throws AnalyticsValidationException that names every field that is not valid
     */
    public TrackedEvent build() {
      return new TrackedEvent(
          id.isEmpty() ? ids.next().toString() : id,
          conversationId,
          eventName,
          conversationMetadata,
          error,
          latency,
          input,
          inputEmbeddings,
          output,
          outputEmbeddings);
    }
  }
}
