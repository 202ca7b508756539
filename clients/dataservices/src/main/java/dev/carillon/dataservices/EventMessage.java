package dev.carillon.dataservices;

import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event as the Data Services event service knows it. Immutable, and valid once it exists:
 * creating one checks every field and lists all that is wrong. What only shows when the event is
 * written (its size, data that JSON cannot express) is checked when it is published, before
 * anything is sent.
 *
 * @param topic the event's category, by convention dotted, from the general to the specific: {@code
 *     sample.dna_extraction.quality_approved}; not blank
 * @param subjects identifiers of what the event is about; may be empty
 * @param data what happened; values may be anything Jackson writes, with {@code java.time} values
 *     as ISO 8601 text. Nulls in it are sent as they are
 * @param tags words to classify by; empty by default
 * @param createdDateUtc when it happened, years 0001 to 9999; null lets the client fill in the time
 *     of each publishing, so give it (and the id) where the same event may be published again
 * @param sourceTraceIds identifiers that events belonging together share; empty by default
 * @param organizationId the organization; null for none
 * @param userId who did it; null for none
 * @param id 1 to 256 characters that make repeated publishes of this event one event on the
 *     Carillon hub, but not {@code .}, {@code ..} or {@code ServerTime}, which no path can ask for;
 *     null lets the server choose. Other servers ignore it
 * @param source a URI reference that says where the event comes from (CloudEvents {@code source});
 *     null for the service's own. Other servers ignore it
 * @param attributes further CloudEvents attributes, named {@code [a-z0-9]+}, but for those that
 *     every event has, with values that are strings, booleans or 32-bit integers; empty by default.
 *     Other servers ignore them
 */
public record EventMessage(
    String topic,
    List<String> subjects,
    Map<String, @Nullable Object> data,
    List<String> tags,
    @Nullable Instant createdDateUtc,
    List<String> sourceTraceIds,
    @Nullable String organizationId,
    @Nullable String userId,
    @Nullable String id,
    @Nullable String source,
    Map<String, Object> attributes) {

  /**
   * Checks and copies.
   *
   * @throws EventValidationException listing every field that is not valid
   */
  public EventMessage {
    MessageRules rules = new MessageRules();
    topic = rules.notBlank("topic", topic);
    subjects = rules.strings("subjects", subjects);
    data = rules.data(data);
    tags = rules.strings("tags", tags);
    rules.year("createdDateUtc", createdDateUtc);
    sourceTraceIds = rules.strings("sourceTraceIds", sourceTraceIds);
    rules.text("organizationId", organizationId);
    rules.text("userId", userId);
    rules.id(id);
    rules.uriReference("source", source);
    attributes = rules.attributes(attributes);
    rules.check();
  }

  /** Starts a message; topic, subjects and data must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts a message that is like this one. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.topic = topic;
    builder.subjects = subjects;
    builder.data = data;
    builder.tags = tags;
    builder.createdDateUtc = createdDateUtc;
    builder.sourceTraceIds = sourceTraceIds;
    builder.organizationId = organizationId;
    builder.userId = userId;
    builder.id = id;
    builder.source = source;
    builder.attributes = attributes;
    return builder;
  }

  /**
   * This message as the CloudEvent that the hub makes of it: the topic becomes the type, the first
   * subject the subject. A random UUID stands in for an absent id, {@code /api/v2.0/EventService}
   * for an absent source.
   *
   * @throws EventValidationException if the data cannot be written as JSON
   */
  public CloudEvent toCloudEvent() {
    return CloudEventMapping.toCloudEvent(this, data);
  }

  /** Collects a message's fields. Not thread-safe. */
  public static final class Builder {
    private @Nullable String topic;
    private @Nullable List<String> subjects;
    private @Nullable Map<String, @Nullable Object> data;
    private List<String> tags = List.of();
    private @Nullable Instant createdDateUtc;
    private List<String> sourceTraceIds = List.of();
    private @Nullable String organizationId;
    private @Nullable String userId;
    private @Nullable String id;
    private @Nullable String source;
    private Map<String, Object> attributes = Map.of();

    private Builder() {}

    /** Sets {@link EventMessage#topic}. */
    public Builder topic(String topic) {
      this.topic = topic;
      return this;
    }

    /** Sets {@link EventMessage#subjects}; none at all is allowed, not saying so is not. */
    public Builder subjects(String... subjects) {
      return subjects(Arrays.asList(subjects));
    }

    /** Sets {@link EventMessage#subjects}. */
    public Builder subjects(Collection<String> subjects) {
      this.subjects = MessageRules.listOf(subjects);
      return this;
    }

    /** Sets {@link EventMessage#data}. */
    public Builder data(Map<String, ? extends @Nullable Object> data) {
      this.data = new LinkedHashMap<>(data);
      return this;
    }

    /**
     * Sets {@link EventMessage#data} to a record's components, under their own names unless
     * Jackson's annotations say otherwise: {@code sampleId}, not {@code sample_id}. Records inside
     * become maps as well.
     *
     * @throws EventValidationException if Jackson cannot write the record as a JSON object
     */
    public Builder data(Record data) {
      try {
        this.data = Json.MAPPER.convertValue(data, Json.OBJECT);
        return this;
      } catch (IllegalArgumentException e) {
        throw new EventValidationException("data", "cannot be written as JSON: " + e.getMessage());
      }
    }

    /** Sets {@link EventMessage#tags}. */
    public Builder tags(String... tags) {
      return tags(Arrays.asList(tags));
    }

    /** Sets {@link EventMessage#tags}. */
    public Builder tags(Collection<String> tags) {
      this.tags = MessageRules.listOf(tags);
      return this;
    }

    /** Sets {@link EventMessage#createdDateUtc}. */
    public Builder createdDateUtc(@Nullable Instant createdDateUtc) {
      this.createdDateUtc = createdDateUtc;
      return this;
    }

    /** Sets {@link EventMessage#sourceTraceIds}. */
    public Builder sourceTraceIds(String... sourceTraceIds) {
      return sourceTraceIds(Arrays.asList(sourceTraceIds));
    }

    /** Sets {@link EventMessage#sourceTraceIds}. */
    public Builder sourceTraceIds(Collection<String> sourceTraceIds) {
      this.sourceTraceIds = MessageRules.listOf(sourceTraceIds);
      return this;
    }

    /** Sets {@link EventMessage#organizationId}. */
    public Builder organizationId(@Nullable String organizationId) {
      this.organizationId = organizationId;
      return this;
    }

    /** Sets {@link EventMessage#userId}. */
    public Builder userId(@Nullable String userId) {
      this.userId = userId;
      return this;
    }

    /** Sets {@link EventMessage#id}. */
    public Builder id(@Nullable String id) {
      this.id = id;
      return this;
    }

    /** Sets {@link EventMessage#source}. */
    public Builder source(@Nullable String source) {
      this.source = source;
      return this;
    }

    /** Sets {@link EventMessage#attributes}. */
    public Builder attributes(Map<String, ? extends Object> attributes) {
      this.attributes = new LinkedHashMap<>(attributes);
      return this;
    }

    /**
     * Makes the message.
     *
     * @throws EventValidationException listing every field that is not valid
     */
    @SuppressWarnings("NullAway") // what is missing is named by the record's own check
    public EventMessage build() {
      return new EventMessage(
          topic,
          subjects,
          data,
          tags,
          createdDateUtc,
          sourceTraceIds,
          organizationId,
          userId,
          id,
          source,
          attributes);
    }
  }
}
