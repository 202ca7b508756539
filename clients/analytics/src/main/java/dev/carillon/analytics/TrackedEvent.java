package dev.carillon.analytics;

import java.util.List;
import java.util.Map;

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

  /** Collects an event's fields. Not thread-safe. */
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

    /** Sets {@link TrackedEvent#id}. */
    public Builder id(String id) {
      this.id = id;
      return this;
    }

    /** Sets {@link TrackedEvent#conversationMetadata}. */
    public Builder conversationMetadata(ConversationMetadata metadata) {
      this.conversationMetadata = metadata;
      return this;
    }

    /** Sets {@link TrackedEvent#conversationMetadata} from JSON text. */
    public Builder conversationMetadata(String json) {
      return conversationMetadata(ConversationMetadata.ofJson(json));
    }

    /** Sets {@link TrackedEvent#conversationMetadata} from a map. */
    public Builder conversationMetadata(Map<String, ?> members) {
      return conversationMetadata(ConversationMetadata.of(members));
    }

    /** Sets {@link TrackedEvent#error}. */
    public Builder error(String error) {
      this.error = error;
      return this;
    }

    /** Sets {@link TrackedEvent#latency}, in milliseconds; 0 by default. */
    public Builder latency(double milliseconds) {
      this.latency = milliseconds;
      return this;
    }

    /** Sets {@link TrackedEvent#input}. */
    public Builder input(String input) {
      this.input = input;
      return this;
    }

    /** Sets {@link TrackedEvent#inputEmbeddings}. */
    public Builder inputEmbeddings(float... vector) {
      this.inputEmbeddings = Embedding.copyOf(vector);
      return this;
    }

    /** Sets {@link TrackedEvent#inputEmbeddings}; each number is rounded to a float. */
    public Builder inputEmbeddings(List<? extends Number> vector) {
      this.inputEmbeddings = Embedding.copyOf(vector);
      return this;
    }

    /** Sets {@link TrackedEvent#output}. */
    public Builder output(String output) {
      this.output = output;
      return this;
    }

    /** Sets {@link TrackedEvent#outputEmbeddings}. */
    public Builder outputEmbeddings(float... vector) {
      this.outputEmbeddings = Embedding.copyOf(vector);
      return this;
    }

    /** Sets {@link TrackedEvent#outputEmbeddings}; each number is rounded to a float. */
    public Builder outputEmbeddings(List<? extends Number> vector) {
      this.outputEmbeddings = Embedding.copyOf(vector);
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
