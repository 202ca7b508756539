package dev.carillon.examples;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventSource;
import dev.carillon.core.Subscription;
import dev.carillon.schemas.HubSchemas;
import dev.carillon.schemas.SchemaRegistry;
import io.cloudevents.CloudEvent;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Types of one's own, and what happens when they change. */
public final class OwnSchemas {

  private OwnSchemas() {}

  // docs:begin record
  /** Data of {@code locker.rented}. */
  public record LockerRented(
      String lockerId, BigDecimal price, OffsetDateTime until, @Nullable String note) {}

  // docs:end record

  /** Schemas from a record, from a text and from a file. */
  public static SchemaRegistry register(Path file) {
    // docs:begin register
    return SchemaRegistry.ofDefaults()
        .register("locker.rented", 1, LockerRented.class)
        .register("locker.freed", 1, "{\"type\": \"object\", \"required\": [\"locker_id\"]}")
        .register("towel.lost", 1, file);
    // docs:end register
  }

  /** What a receiver makes of an event. */
  public static String describe(CloudEvent event) {
    // docs:begin read
    LockerRented rented = SchemaRegistry.read(event, LockerRented.class);
    return rented.lockerId() + " for " + rented.price();
    // docs:end read
  }

  /** A type whose data changed twice. */
  public static SchemaRegistry versions() {
    // docs:begin versions
    return SchemaRegistry.ofDefaults()
        .register("member.moved", 1, "{\"required\": [\"address\"]}")
        .register("member.moved", 2, "{\"required\": [\"street\", \"city\"]}")
        .register("member.moved", 3, "{\"required\": [\"street\", \"city\", \"country\"]}")
        .upcaster(
            "member.moved",
            1,
            data -> {
              String[] parts = data.remove("address").asText().split(", ", 2);
              return data.put("street", parts[0]).put("city", parts.length > 1 ? parts[1] : "");
            })
        .upcaster("member.moved", 2, data -> data.put("country", "DE"));
    // docs:end versions
  }

  /** A subscription that sees only the latest version. */
  public static Subscription subscribe(
      EventSource source, SchemaRegistry registry, EventHandler handler) {
    // docs:begin upcasting
    return source.subscribe(EventFilter.ofType("member.*"), registry.upcasting(handler));
    // docs:end upcasting
  }

  /** Schemas that a hub shares among all its clients. */
  public static SchemaRegistry share(URI hub, String apiKey, String schema) {
    // docs:begin hub
    HubSchemas shared = HubSchemas.at(hub).withApiKey(apiKey);
    shared.put("locker.freed", 1, schema);

    SchemaRegistry registry = SchemaRegistry.ofDefaults();
    shared.loadInto(registry); // again, whenever there may be new ones
    // docs:end hub
    return registry;
  }
}
