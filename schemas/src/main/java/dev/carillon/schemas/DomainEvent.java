package dev.carillon.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.EventValidationException;

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
   * Reads the data of an event. Fields that the type does not have are ignored; times may lack
   * their offset, which is then UTC, and where a date is expected a time may follow it.
   *
   * @param type one of the fourteen types
   * @param data the event's data
   * @return a record of that type
   * @throws EventValidationException if a required field is missing or a field is of another kind;
   *     it names the first such field, where {@link SchemaRegistry#validate} names all
   * @throws IllegalArgumentException if the type is none of the fourteen
   */
  static DomainEvent fromData(String type, JsonNode data) {
    Class<? extends DomainEvent> record = DomainTypes.RECORDS.get(type);
    if (record == null) {
      throw new IllegalArgumentException("there is no record for events of type " + type);
    }
    if (!data.isObject()) {
      throw new EventValidationException(FieldPath.ROOT, "is not an object");
    }
    try {
      return DataJson.KEEPING.treeToValue(data, record);
    } catch (JsonMappingException e) {
      throw e.getCause() instanceof EventValidationException invalid
          ? invalid
          : new EventValidationException(FieldPath.of(e.getPath()), e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw new EventValidationException(FieldPath.ROOT, e.getOriginalMessage());
    }
  }
}
