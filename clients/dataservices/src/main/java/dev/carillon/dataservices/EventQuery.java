package dev.carillon.dataservices;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events to read back. Different fields must all match; of {@code subjects}, {@code tags} and
 * {@code sourceTraceIds} an event must have at least one of the values listed. Immutable.
 *
 * @param topic the exact topic, or its beginning followed by {@code *}; null for any
 * @param subjects empty for any
 * @param tags empty for any
 * @param createdFrom the earliest created date, inclusive; null for no bound
 * @param createdTo the latest created date, exclusive; null for no bound
 * @param sourceTraceIds empty for any
 * @param organizationId null for any
 * @param userId null for any
 * @param newestFirst whether the newest come first; false, the default, is by created date. Only
 *     the Carillon hub knows this
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventQuery(
    @Nullable String topic,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> subjects,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> tags,
    @Nullable Instant createdFrom,
    @Nullable Instant createdTo,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> sourceTraceIds,
    @Nullable String organizationId,
    @Nullable String userId,
    @JsonIgnore boolean newestFirst) {

  /** Copies. */
  public EventQuery {
    subjects = List.copyOf(subjects);
    tags = List.copyOf(tags);
    sourceTraceIds = List.copyOf(sourceTraceIds);
  }

  /** Every event. */
  public static EventQuery all() {
    return builder().build();
  }

  /** Events of one topic, or of all topics that begin alike: {@code sample.*}. */
  public static EventQuery ofTopic(String topic) {
    return builder().topic(topic).build();
  }

  /** Starts a query that lets every event through. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what to ask for. Not thread-safe. */
  public static final class Builder {
    private @Nullable String topic;
    private List<String> subjects = List.of();
    private List<String> tags = List.of();
    private @Nullable Instant createdFrom;
    private @Nullable Instant createdTo;
    private List<String> sourceTraceIds = List.of();
    private @Nullable String organizationId;
    private @Nullable String userId;
    private boolean newestFirst;

    private Builder() {}

    /** Sets {@link EventQuery#topic}. */
    public Builder topic(String topic) {
      this.topic = topic;
      return this;
    }

    /** Sets {@link EventQuery#subjects}. */
    public Builder subjects(String... subjects) {
      return subjects(List.of(subjects));
    }

    /** Sets {@link EventQuery#subjects}. */
    public Builder subjects(Collection<String> subjects) {
      this.subjects = List.copyOf(subjects);
      return this;
    }

    /** Sets {@link EventQuery#tags}. */
    public Builder tags(String... tags) {
      return tags(List.of(tags));
    }

    /** Sets {@link EventQuery#tags}. */
    public Builder tags(Collection<String> tags) {
      this.tags = List.copyOf(tags);
      return this;
    }

    /** Sets {@link EventQuery#createdFrom}. */
    public Builder createdFrom(Instant createdFrom) {
      this.createdFrom = createdFrom;
      return this;
    }

    /** Sets {@link EventQuery#createdTo}. */
    public Builder createdTo(Instant createdTo) {
      this.createdTo = createdTo;
      return this;
    }

    /** Sets {@link EventQuery#sourceTraceIds}. */
    public Builder sourceTraceIds(String... sourceTraceIds) {
      return sourceTraceIds(List.of(sourceTraceIds));
    }

    /** Sets {@link EventQuery#sourceTraceIds}. */
    public Builder sourceTraceIds(Collection<String> sourceTraceIds) {
      this.sourceTraceIds = List.copyOf(sourceTraceIds);
      return this;
    }

    /** Sets {@link EventQuery#organizationId}. */
    public Builder organizationId(String organizationId) {
      this.organizationId = organizationId;
      return this;
    }

    /** Sets {@link EventQuery#userId}. */
    public Builder userId(String userId) {
      this.userId = userId;
      return this;
    }

    /** Sets {@link EventQuery#newestFirst} to true. */
    public Builder newestFirst() {
      this.newestFirst = true;
      return this;
    }

    /** Makes the query. */
    public EventQuery build() {
      return new EventQuery(
          topic,
          subjects,
          tags,
          createdFrom,
          createdTo,
          sourceTraceIds,
          organizationId,
          userId,
          newestFirst);
    }
  }
}
