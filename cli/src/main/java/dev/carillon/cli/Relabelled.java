package dev.carillon.cli;

import dev.carillon.dataservices.EventMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The same events under ids of their own, so that every leg of the demo can be told apart. */
final class Relabelled {

  private Relabelled() {}

  /**
   * Copies with new ids, the same for the same events and label.
   *
   * @param label of the leg; empty keeps the ids there are
   */
  static List<EventMessage> of(List<EventMessage> day, String label) {
    List<EventMessage> copies = new ArrayList<>(day.size());
    for (EventMessage message : day) {
      boolean keep = label.isEmpty() && message.id() != null;
      copies.add(
          keep ? message : message.toBuilder().id(id(label, copies.size(), message)).build());
    }
    return copies;
  }

  static List<String> idsOf(List<EventMessage> events) {
    return events.stream().map(event -> String.valueOf(event.id())).toList();
  }

  private static String id(String label, int place, EventMessage message) {
    String name = label + '\n' + place + '\n' + message.id();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
