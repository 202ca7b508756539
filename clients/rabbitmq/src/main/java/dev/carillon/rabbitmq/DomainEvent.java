package dev.carillon.rabbitmq;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the business, to be published.
 *
 * @param type what happened, {@code workout.created}; also the routing key, at most 255 bytes
 * @param data a map, a record, or whatever else Jackson writes as a JSON object
 * @param organizationId whose it is; null leaves that to the publisher's supplier
 * @param id the event's id, by which consumers know it again; null for a random UUID
 * @param time when it happened; null for the time of publishing
 */
public record DomainEvent(
    String type,
    Object data,
    @Nullable String organizationId,
    @Nullable String id,
    @Nullable Instant time) {

  /** Checks that nothing is missing. */
  public DomainEvent {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(data, "data");
  }

  /** An event of the organization that the publisher's supplier names. */
  public static DomainEvent of(String type, Object data) {
    return new DomainEvent(type, data, null, null, null);
  }

  /** This event, of an organization. */
  public DomainEvent withOrganizationId(@Nullable String value) {
    return new DomainEvent(type, data, value, id, time);
  }

  /** This event, with an id that stays the same however often it is published. */
  public DomainEvent withId(String value) {
    return new DomainEvent(type, data, organizationId, value, time);
  }

  /** This event, at the time when it happened. */
  public DomainEvent withTime(Instant value) {
    return new DomainEvent(type, data, organizationId, id, value);
  }
}
