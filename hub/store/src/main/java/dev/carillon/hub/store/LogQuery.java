package dev.carillon.hub.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events to read. Parts left out match everything; the lists match an event that has at least
 * one of their values.
 *
 * @param type exact, or a beginning followed by {@code *}
 * @param source exact
 * @param subjects any of these
 * @param tags any of these
 * @param traceIds any of these
 * @param organizationId exact
 * @param userId exact
 * @param from earliest time, inclusive
 * @param to latest time, exclusive
 * @param after only positions above this one
 * @param order in which order
 * @param offset how many matching events to pass over, from 0
 * @param limit how many to return at most, from 1
 * @param maxBytes how large they may be together, 16 MiB at most; one is returned, however large
 */
public record LogQuery(
    @Nullable String type,
    @Nullable String source,
    List<String> subjects,
    List<String> tags,
    List<String> traceIds,
    @Nullable String organizationId,
    @Nullable String userId,
    @Nullable Instant from,
    @Nullable Instant to,
    long after,
    Order order,
    int offset,
    int limit,
    int maxBytes) {

  private static final int MAX_BYTES = 16 << 20;

  /** In which order events are read. */
  public enum Order {
    /** As they arrived. */
    ARRIVAL,
    /** By their time, earliest first. */
    OLDEST_FIRST,
    /** By their time, latest first. */
    NEWEST_FIRST
  }

  /** A query of everything in order of arrival, 100 events and 16 MiB. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parts of a query. Not thread-safe. */
  public static final class Builder {
    private @Nullable String type;
    private @Nullable String source;
    private List<String> subjects = List.of();
    private List<String> tags = List.of();
    private List<String> traceIds = List.of();
    private @Nullable String organizationId;
    private @Nullable String userId;
    private @Nullable Instant from;
    private @Nullable Instant to;
    private long after;
    private Order order = Order.ARRIVAL;
    private int offset;
    private int limit = 100;
    private int maxBytes = MAX_BYTES;

    private Builder() {}

    /** Sets the type, or its beginning followed by {@code *}. */
    public Builder type(@Nullable String type) {
      this.type = type;
      return this;
    }

    /** Sets the source. */
    public Builder source(@Nullable String source) {
      this.source = source;
      return this;
    }

    /** Sets the subjects of which an event must have one. */
    public Builder subjects(List<String> subjects) {
      this.subjects = List.copyOf(subjects);
      return this;
    }

    /** Sets the tags of which an event must have one. */
    public Builder tags(List<String> tags) {
      this.tags = List.copyOf(tags);
      return this;
    }

    /** Sets the trace ids of which an event must have one. */
    public Builder traceIds(List<String> traceIds) {
      this.traceIds = List.copyOf(traceIds);
      return this;
    }

    /** Sets the organization. */
    public Builder organizationId(@Nullable String organizationId) {
      this.organizationId = organizationId;
      return this;
    }

    /** Sets the user. */
    public Builder userId(@Nullable String userId) {
      this.userId = userId;
      return this;
    }

    /** Sets the earliest time, inclusive. */
    public Builder from(@Nullable Instant from) {
      this.from = from;
      return this;
    }

    /** Sets the latest time, exclusive. */
    public Builder to(@Nullable Instant to) {
      this.to = to;
      return this;
    }

    /** Sets the position after which to begin. */
    public Builder after(long after) {
      this.after = after;
      return this;
    }

    /** Sets the order. */
    public Builder order(Order order) {
      this.order = order;
      return this;
    }

    /** Sets how many matching events to pass over. */
    public Builder offset(int offset) {
      this.offset = offset;
      return this;
    }

    /** Sets how many events to return at most. */
    public Builder limit(int limit) {
      this.limit = limit;
      return this;
    }

    /** Sets how large the events may be together, up to 16 MiB. */
    public Builder maxBytes(int maxBytes) {
      this.maxBytes = Math.min(maxBytes, MAX_BYTES);
      return this;
    }

    /** The query. */
    public LogQuery build() {
      return new LogQuery(
          type,
          source,
          subjects,
          tags,
          traceIds,
          organizationId,
          userId,
          from,
          to,
          after,
          order,
          offset,
          limit,
          maxBytes);
    }
  }
}
