package dev.carillon.analytics;

import java.time.Instant;
import java.util.List;

/**
 * An event as the service has it now, updates included. Immutable.
 *
 * @param id its UUID
 * @param conversationId the conversation or session
 * @param conversationMetadata what the application said about the conversation; may be none
 * @param eventName what happened
 * @param error what went wrong; empty for nothing
 * @param latency how long it took, in milliseconds
 * @param input what went in
 * @param inputEmbeddings the vector of what went in
 * @param output what came out
 * @param outputEmbeddings the vector of what came out
 * @param createdAt when the service took it
 * @param updatedAt when it was last changed
 */
public record AnalyticsEvent(
    String id,
    String conversationId,
    ConversationMetadata conversationMetadata,
    String eventName,
    String error,
    double latency,
    String input,
    List<Float> inputEmbeddings,
    String output,
    List<Float> outputEmbeddings,
    Instant createdAt,
    Instant updatedAt) {

  /** Copies the vectors. */
  public AnalyticsEvent {
    inputEmbeddings = Embedding.copyOf(inputEmbeddings);
    outputEmbeddings = Embedding.copyOf(outputEmbeddings);
  }

  /** Whether something went wrong. */
  public boolean hasError() {
    return !error.isEmpty();
  }
}
