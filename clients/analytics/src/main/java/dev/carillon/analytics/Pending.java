package dev.carillon.analytics;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One operation in a buffer. What became of it is noted by the one thread that sends at a time,
 * seen by all, and told to its future afterwards.
 */
final class Pending {

  private final Operation operation;
  private final String id;
  private final Payload payload;
  private final int size;
  private final long since = System.nanoTime();
  private final CompletableFuture<String> result = new CompletableFuture<>();
  private volatile @Nullable String acceptedId;
  private volatile @Nullable AnalyticsException failure;
  private volatile boolean refused;

  Pending(Operation operation, String id, Payload payload, int size) {
    this.operation = operation;
    this.id = id;
    this.payload = payload;
    this.size = size;
  }

  Operation operation() {
    return operation;
  }

  String id() {
    return id;
  }

  Payload payload() {
    return payload;
  }

  int size() {
    return size;
  }

  long since() {
    return since;
  }

  CompletableFuture<String> result() {
    return result;
  }

  void accepted(String underId) {
    failure = null;
    acceptedId = underId;
  }

  /** It may yet be accepted. */
  void failed(AnalyticsException why) {
    failure = why;
  }

  /** It will never be accepted. */
  void refused(AnalyticsException why) {
    failure = why;
    refused = true;
  }

  /** Whether it may yet be accepted. */
  boolean isUndecided() {
    return acceptedId == null && !refused;
  }

  boolean isAccepted() {
    return acceptedId != null;
  }

  /** The noted failure; null if there is none. */
  @Nullable AnalyticsException failure() {
    return failure;
  }

  /** Completes the future with what was noted. */
  void settle() {
    String accepted = acceptedId;
    AnalyticsException why = failure;
    if (accepted != null) {
      result.complete(accepted);
    } else {
      result.completeExceptionally(
          why != null
              ? why
              : AnalyticsException.unanswered("event " + id + " was forgotten", true, null));
    }
  }

  /** Fails the future, since nobody tries any more, unless the operation is decided. */
  void abandon(String reason) {
    if (isUndecided()) {
      result.completeExceptionally(
          AnalyticsException.unanswered(reason.formatted(id), true, failure));
    } else {
      settle();
    }
  }
}
