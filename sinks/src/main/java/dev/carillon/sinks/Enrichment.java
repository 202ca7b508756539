package dev.carillon.sinks;

import io.cloudevents.CloudEvent;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the data of every event, a JSON object: {@code event_id} and {@code
 * published_at} always; {@code correlation_id}, {@code source_service} and {@code schema_version}
 * as told. Members that an event has already stay as they are. Immutable, thread-safe.
 *
 * <p>Put it outermost, around retries: then an event that is sent again is the same event, with the
 * same correlation and time.
 */
public final class Enrichment implements UnaryOperator<CloudEvent> {

  private final Supplier<@Nullable String> correlationId;
  private final @Nullable String sourceService;
  private final @Nullable String schemaVersion;
  private final InstantSource clock;

  private Enrichment(Builder builder) {
    correlationId = builder.correlationId;
    sourceService = builder.sourceService;
    schemaVersion = builder.schemaVersion;
    clock = builder.clock;
  }

  /** A builder with a random correlation id, no source service and no schema version. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The event with what is added.
   *
   * @throws dev.carillon.core.EventValidationException if its data is something else than a JSON
   *     object
   */
  @Override
  public CloudEvent apply(CloudEvent event) {
    Map<String, String> further = new LinkedHashMap<>();
    further.put("event_id", event.getId());
    String given = correlationId.get();
    further.put("correlation_id", given == null ? UUID.randomUUID().toString() : given);
    if (sourceService != null) {
      further.put("source_service", sourceService);
    }
    if (schemaVersion != null) {
      further.put("schema_version", schemaVersion);
    }
    further.put("published_at", clock.instant().toString());
    return JsonData.with(event, further);
  }

  /** Builds an {@link Enrichment}. Not thread-safe. */
  public static final class Builder {
    private Supplier<@Nullable String> correlationId = () -> null;
    private @Nullable String sourceService;
    private @Nullable String schemaVersion;
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /**
     * Where the correlation id comes from, such as the request being served; a random one where
     * that is null.
     */
    public Builder correlationId(Supplier<@Nullable String> value) {
      correlationId = value;
      return this;
    }

    /** Which service publishes. */
    public Builder sourceService(String value) {
      sourceService = value;
      return this;
    }

    /** The version of the data's schema, for those who read the data; no registry looks at it. */
    public Builder schemaVersion(String value) {
      schemaVersion = value;
      return this;
    }

    /** Tells when events are published; the system's clock by default. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** The enrichment. */
    public Enrichment build() {
      return new Enrichment(this);
    }
  }
}
