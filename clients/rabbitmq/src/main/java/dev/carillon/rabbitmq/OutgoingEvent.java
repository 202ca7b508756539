package dev.carillon.rabbitmq;

import dev.carillon.core.EventValidationException;
import dev.carillon.schemas.DomainEvent;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the business, to be published.
 *
 * @param type what happened, {@code workout.created}; also the routing key, at most 255 bytes
 * @param data a {@link DomainEvent}, a map, or whatever else Jackson writes as a JSON object.
 *     Objects of classes, wherever they stand, are written as {@link
 *     dev.carillon.schemas.SchemaRegistry#toData} does: in snake_case and without nulls, unless
 *     Jackson's annotations say otherwise. Maps keep their keys and nulls
 * @param organizationId whose it is; null leaves that to the publisher's supplier
 * @param id the event's id, by which consumers know it again; null for a random UUID
 * @param time when it happened; null for the time of publishing
 */
public record OutgoingEvent(
    String type,
    Object data,
    @Nullable String organizationId,
    @Nullable String id,
    @Nullable Instant time) {

  /** Checks that nothing is missing. */
  public OutgoingEvent {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(data, "data");
  }

  /** An event of the organization that the publisher's supplier names. */
  public static OutgoingEvent of(String type, Object data) {
    return new OutgoingEvent(type, data, null, null, null);
  }

  /** One of the domain's own events, of the organization that the publisher's supplier names. */
  public static OutgoingEvent of(DomainEvent event) {
    return of(event.type(), event);
  }

  /** What a publisher is given, null by those who have no null checker. */
  static OutgoingEvent required(String type, Object data, @Nullable String organizationId) {
    if (type == null) {
      throw new EventValidationException("event_type", "is missing");
    }
    if (data == null) {
      throw new EventValidationException("data", "is missing");
    }
    return new OutgoingEvent(type, data, organizationId, null, null);
  }

  static @Nullable OutgoingEvent orNull(
      @Nullable DomainEvent event, @Nullable String organizationId) {
    return event == null ? null : OutgoingEvent.of(event).withOrganizationId(organizationId);
  }

  /** This event, of an organization. */
  public OutgoingEvent withOrganizationId(@Nullable String value) {
    return new OutgoingEvent(type, data, value, id, time);
  }

  /** This event, with an id that stays the same however often it is published. */
  public OutgoingEvent withId(String value) {
    return new OutgoingEvent(type, data, organizationId, value, time);
  }

  /** This event, at the time when it happened. */
  public OutgoingEvent withTime(Instant value) {
    return new OutgoingEvent(type, data, organizationId, id, value);
  }
}
