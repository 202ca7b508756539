package dev.carillon.schemas;

import dev.carillon.core.EventValidationException;
import java.util.Map;

/** The gym's types of events, and the record of each. */
final class DomainTypes {

  static final Map<String, Class<? extends DomainEvent>> RECORDS =
      Map.ofEntries(
          Map.entry(WorkoutEvent.Created.TYPE, WorkoutEvent.Created.class),
          Map.entry(WorkoutEvent.Updated.TYPE, WorkoutEvent.Updated.class),
          Map.entry(WorkoutEvent.Deleted.TYPE, WorkoutEvent.Deleted.class),
          Map.entry(BookingEvent.Created.TYPE, BookingEvent.Created.class),
          Map.entry(BookingEvent.Confirmed.TYPE, BookingEvent.Confirmed.class),
          Map.entry(BookingEvent.Cancelled.TYPE, BookingEvent.Cancelled.class),
          Map.entry(MembershipEvent.Created.TYPE, MembershipEvent.Created.class),
          Map.entry(MembershipEvent.Expired.TYPE, MembershipEvent.Expired.class),
          Map.entry(PaymentEvent.Completed.TYPE, PaymentEvent.Completed.class),
          Map.entry(PaymentEvent.Failed.TYPE, PaymentEvent.Failed.class),
          Map.entry(ClassEvent.Scheduled.TYPE, ClassEvent.Scheduled.class),
          Map.entry(ClassEvent.Created.TYPE, ClassEvent.Created.class),
          Map.entry(ClassEvent.Updated.TYPE, ClassEvent.Updated.class),
          Map.entry(ClassEvent.Cancelled.TYPE, ClassEvent.Cancelled.class));

  private DomainTypes() {}

  /**
   * The record of a type.
   *
   * @throws EventValidationException if it has none
   */
  static Class<? extends DomainEvent> record(String type) {
    Class<? extends DomainEvent> record = RECORDS.get(type);
    if (record == null) {
      throw new EventValidationException("type", "is none that has a record: " + type);
    }
    return record;
  }
}
