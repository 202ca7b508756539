package dev.carillon.cli;

import dev.carillon.core.EventFilter;
import dev.carillon.core.Subscription;
import dev.carillon.formats.EventFormats;
import dev.carillon.rabbitmq.EventSubscriber;
import dev.carillon.rabbitmq.EventSubscriberConfig;
import io.cloudevents.CloudEvent;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints what is published to RabbitMQ. */
@Command(
    name = "rabbitmq",
    description = {
      "Prints the events of a topic exchange of RabbitMQ, one CloudEvent in JSON a line.",
      "",
      "Messages that hold no event are skipped, and counted at the end on standard error.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 fewer events than --count came in time, 2 wrong usage.",
      "",
      "Example:",
      "  ./carillon listen rabbitmq --binding 'workout.*' --count 10"
    },
    mixinStandardHelpOptions = true)
final class ListenRabbitMq implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RabbitMqAddress address = new RabbitMqAddress();

  @Mixin private ListenLimit limit = new ListenLimit();

  @Option(
      names = "--binding",
      paramLabel = "KEY",
      defaultValue = "#",
      description =
          "Which routing keys, * for a word and # for any number; may be repeated. Default: all.")
  private List<String> bindings = List.of("#");

  private final AtomicLong printed = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);

  ListenRabbitMq() {}

  @Override
  public Integer call() throws InterruptedException {
    try (EventSubscriber subscriber = subscriber();
        Subscription subscription = subscriber.subscribe(EventFilter.all(), this::print)) {
      boolean unused = done.await(limit.nanos(), TimeUnit.NANOSECONDS);
      long skipped = subscriber.stats().skipped();
      if (skipped > 0) {
        spec.commandLine().getErr().println("skipped " + skipped + " messages without an event");
      }
      return limit.exitCode(printed.get());
    }
  }

  private EventSubscriber subscriber() {
    try {
      return EventSubscriber.of(
          EventSubscriberConfig.builder()
              .rabbitmqUrl(address.url())
              .exchangeName(address.exchange())
              .bindings(bindings.toArray(String[]::new))
              .build());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--url: " + e.getMessage());
    }
  }

  /** Called for one event at a time. */
  private void print(CloudEvent event) {
    if (printed.get() >= limit.events()) {
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(new String(EventFormats.json().serialize(event), StandardCharsets.UTF_8));
    out.flush();
    if (printed.incrementAndGet() == limit.events()) {
      done.countDown();
    }
  }
}
