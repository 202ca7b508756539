package dev.carillon.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;

/**
 * The data of one of the gym's fourteen types of events, as a record for each. Immutable.
 *
 * <p>On the wire, fields are in snake_case, what is null is left out, times are ISO 8601 and
 * amounts are numbers, as the deployed publishers write them.
 */
public sealed interface DomainEvent
    permits WorkoutEvent, BookingEvent, MembershipEvent, PaymentEvent, ClassEvent {

  /** The event type, which is also the routing key: {@code workout.created}. */
  String type();

  /** The data as JSON, a new object on each call. */
  default ObjectNode toData() {
    return DataJson.KEEPING.valueToTree(this);
  }

  /**
   * Reads the data of a CloudEvent by its type, as {@link #fromData} does.
   *
   * @param event an event as it came, such as a handler gets it
   * @return a record of its type
   * @throws EventValidationException if its type is none of the fourteen, or its data is missing,
   *     is no JSON or does not fit the type; a subscriber does not try such an event again
   */
  static DomainEvent from(CloudEvent event) {
    Class<? extends DomainEvent> record = DomainTypes.record(event.getType());
    return EventData.read(EventData.json(event, DataJson.KEEPING), record);
  }

  /**
   * Reads the data of an event. Fields that the type does not have are ignored; times may lack
   * their offset, which is then UTC, and where a date is expected a time may follow it.
   *
   * @param type one of the fourteen types
   * @param data the event's data
   * @return a record of that type
   * @throws EventValidationException if the type is none of the fourteen, a required field is
   *     missing or a field is of another kind; it names the first such field, where {@link
   *     SchemaRegistry#validate} names all
   */
  static DomainEvent fromData(String type, JsonNode data) {
    return EventData.read(data, DomainTypes.record(type));
  }
}
