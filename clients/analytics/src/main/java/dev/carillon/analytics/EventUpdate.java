package dev.carillon.analytics;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to change of an event that was tracked: only what is given changes, and an empty text or
 * vector empties the field. The fields are those of {@link TrackedEvent}; null stands for no
 * change. Immutable.
 *
 * @param conversationId the new conversation
 * @param eventName the new name
 * @param conversationMetadata the new metadata
 * @param error the new error; empty for none
 * @param latency the new latency in milliseconds
 * @param input the new input
 * @param inputEmbeddings the new vector of the input
 * @param output the new output
 * @param outputEmbeddings the new vector of the output
 */
public record EventUpdate(
    @Nullable String conversationId,
    @Nullable String eventName,
    @Nullable ConversationMetadata conversationMetadata,
    @Nullable String error,
    @Nullable Double latency,
    @Nullable String input,
    @Nullable List<Float> inputEmbeddings,
    @Nullable String output,
    @Nullable List<Float> outputEmbeddings) {

  /**
   * Checks what is given and copies the vectors.
   *
   * @throws AnalyticsValidationException that names every field that is not valid, or says that
   *     nothing is given
   */
  public EventUpdate {
    Rules rules = new Rules();
    boolean given = conversationMetadata != null;
    if (conversationId != null) {
      rules.conversationId(conversationId);
      given = true;
    }
    if (eventName != null) {
      rules.eventName(eventName);
      given = true;
    }
    if (latency != null) {
      rules.latency(latency);
      given = true;
    }
    given |= text(rules, "error", error);
    given |= text(rules, "input", input);
    given |= text(rules, "output", output);
    if (inputEmbeddings != null) {
      inputEmbeddings = Embedding.copyOf(inputEmbeddings);
      rules.embeddings("input_embeddings", inputEmbeddings);
      given = true;
    }
    if (outputEmbeddings != null) {
      outputEmbeddings = Embedding.copyOf(outputEmbeddings);
      rules.embeddings("output_embeddings", outputEmbeddings);
      given = true;
    }
    if (!given) {
      rules.wrong("update", "has no fields to update");
    }
    rules.check();
  }

  private static boolean text(Rules rules, String field, @Nullable String text) {
    if (text != null) {
      rules.text(field, text);
    }
    return text != null;
  }

  /** Starts an update that changes nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Collects what to change. Null never changes or clears a field: it counts as not given, as if
   * the field had never been set. Not thread-safe.
   */
  public static final class Builder {
    private @Nullable String conversationId;
    private @Nullable String eventName;
    private @Nullable ConversationMetadata conversationMetadata;
    private @Nullable String error;
    private @Nullable Double latency;
    private @Nullable String input;
    private @Nullable List<Float> inputEmbeddings;
    private @Nullable String output;
    private @Nullable List<Float> outputEmbeddings;

    private Builder() {}

    /** Moves the event to another conversation; null for no change. There is always one. */
    public Builder conversationId(@Nullable String conversationId) {
      this.conversationId = conversationId;
      return this;
    }

    /** Sets a new name; null for no change. There is always one. */
    public Builder eventName(@Nullable String eventName) {
      this.eventName = eventName;
      return this;
    }

    /** Sets new metadata; null for no change, {@link ConversationMetadata#none} to take it away. */
    public Builder conversationMetadata(@Nullable ConversationMetadata metadata) {
      this.conversationMetadata = metadata;
      return this;
    }

    /** Sets new metadata from JSON text; null for no change, empty text to take it away. */
    public Builder conversationMetadata(@Nullable String json) {
      return conversationMetadata(json == null ? null : ConversationMetadata.ofJson(json));
    }

    /** Sets new metadata from a map; null for no change, an empty one to take it away. */
    public Builder conversationMetadata(@Nullable Map<String, ?> members) {
      return conversationMetadata(members == null ? null : ConversationMetadata.of(members));
    }

    /** Sets a new error; null for no change, empty text to say that nothing went wrong. */
    public Builder error(@Nullable String error) {
      this.error = error;
      return this;
    }

    /** Sets a new latency, in milliseconds; 0 if there was none. */
    public Builder latency(double milliseconds) {
      this.latency = milliseconds;
      return this;
    }

    /** Sets a new latency, in milliseconds; null for no change, 0 if there was none. */
    public Builder latency(@Nullable Double milliseconds) {
      this.latency = milliseconds;
      return this;
    }

    /** Sets a new input; null for no change, empty text to take it away. */
    public Builder input(@Nullable String input) {
      this.input = input;
      return this;
    }

    /** Sets a new vector of the input; null for no change, an empty one to take it away. */
    public Builder inputEmbeddings(float @Nullable ... vector) {
      this.inputEmbeddings = vector == null ? null : Embedding.copyOf(vector);
      return this;
    }

    /**
     * Sets a new vector of the input; null for no change, an empty one to take it away. Each number
     * is rounded to a float.
     */
    public Builder inputEmbeddings(@Nullable List<? extends Number> vector) {
      this.inputEmbeddings = vector == null ? null : Embedding.copyOf(vector);
      return this;
    }

    /** Sets a new output; null for no change, empty text to take it away. */
    public Builder output(@Nullable String output) {
      this.output = output;
      return this;
    }

    /** Sets a new vector of the output; null for no change, an empty one to take it away. */
    public Builder outputEmbeddings(float @Nullable ... vector) {
      this.outputEmbeddings = vector == null ? null : Embedding.copyOf(vector);
      return this;
    }

    /**
     * Sets a new vector of the output; null for no change, an empty one to take it away. Each
     * number is rounded to a float.
     */
    public Builder outputEmbeddings(@Nullable List<? extends Number> vector) {
      this.outputEmbeddings = vector == null ? null : Embedding.copyOf(vector);
      return this;
    }

    /**
     * Makes the update.
     *
     * @throws AnalyticsValidationException if nothing is given, or something is not valid
     */
    public EventUpdate build() {
      return new EventUpdate(
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
