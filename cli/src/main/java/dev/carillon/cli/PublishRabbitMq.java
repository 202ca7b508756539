package dev.carillon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.rabbitmq.EventPublisher;
import dev.carillon.rabbitmq.EventPublisherConfig;
import dev.carillon.rabbitmq.EventPublisherConfigBuilder;
import dev.carillon.rabbitmq.OutgoingEvent;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Publishes domain events to RabbitMQ. */
@Command(
    name = "rabbitmq",
    description = {
      "Publishes domain events to RabbitMQ, each confirmed by the broker.",
      "",
      "Events come from a file with one JSON object a line (event_type, data, and where needed"
          + " event_id, organization_id, timestamp), from standard input, or from flags that describe"
          + " one event. A bad line is named on standard error and the others still go.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 all confirmed, 1 some failed, 2 wrong usage.",
      "",
      "Example:",
      "  ./carillon publish rabbitmq --organization-id gym-1 --type workout.created \\",
      "    --data '{\"workout_id\":\"123\",\"title\":\"Morning Yoga\"}'"
    },
    mixinStandardHelpOptions = true)
final class PublishRabbitMq implements Callable<Integer> {

  private static final int MAX_LINE_BYTES = 17 << 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RabbitMqAddress address = new RabbitMqAddress();

  @Option(
      names = "--organization-id",
      paramLabel = "ID",
      description =
          "The organization of events that name none (RABBITMQ_ORGANIZATION_ID; default: none).")
  private @Nullable String organizationId = System.getenv("RABBITMQ_ORGANIZATION_ID");

  @ArgGroup(multiplicity = "1")
  private TypedInput input = new TypedInput();

  PublishRabbitMq() {}

  @Override
  public Integer call() throws IOException {
    OutgoingEvent one = input.event == null ? null : one(input.event);
    try (EventPublisher publisher = publisher();
        PublishRun run = new PublishRun(spec, input.file, one != null)) {
      Tally tally = run.tally();
      if (one != null) {
        publish(publisher, "event", one, tally).join();
      } else {
        run.lines(
            new AsyncTarget((place, line) -> publish(publisher, place, read(line), tally)),
            MAX_LINE_BYTES);
      }
      return run.end(tally.text("confirmed"));
    }
  }

  private EventPublisher publisher() {
    EventPublisherConfigBuilder settings =
        EventPublisherConfig.builder()
            .rabbitmqUrl(address.url())
            .exchangeName(address.exchange())
            .appId("carillon-cli");
    if (organizationId != null && !organizationId.isEmpty()) {
      settings.organizationId(() -> organizationId);
    }
    try {
      return EventPublisher.of(settings.build());
    } catch (IllegalArgumentException e) {
      throw PublishRun.wrong(spec, "--url: " + e.getMessage());
    }
  }

  private static OutgoingEvent read(byte[] line) throws BadMessageException {
    ObjectNode event = LineJson.object(line);
    if (!event.path("event_type").isTextual() || !event.path("data").isObject()) {
      throw new BadMessageException("no object with event_type, a string, and data, an object");
    }
    return new OutgoingEvent(
        event.get("event_type").textValue(),
        event.get("data"),
        event.hasNonNull("organization_id") ? event.get("organization_id").asText() : null,
        event.hasNonNull("event_id") ? event.get("event_id").asText() : null,
        event.hasNonNull("timestamp")
            ? LineJson.time("timestamp", event.get("timestamp").asText())
            : null);
  }

  private CompletableFuture<Void> publish(
      EventPublisher publisher, String place, OutgoingEvent event, Tally tally) {
    return publisher
        .publishAsync(event)
        .handle((receipt, error) -> tally.answered(place, receipt, error));
  }

  private OutgoingEvent one(TypedInput.One event) {
    try {
      return OutgoingEvent.of(event.type, event.data());
    } catch (BadMessageException e) {
      throw PublishRun.wrong(spec, e.getMessage());
    }
  }
}
