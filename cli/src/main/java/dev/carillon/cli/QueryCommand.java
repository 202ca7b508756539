package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsEvent;
import dev.carillon.analytics.AnalyticsException;
import dev.carillon.analytics.AnalyticsQuery;
import dev.carillon.analytics.AnalyticsValidationException;
import dev.carillon.analytics.Totals;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Asks an analytics service, the hub among them, about conversations. */
@Command(
    name = "query",
    description = "Asks an analytics service about conversations.",
    footer = {
      "",
      "Exit codes: 0 answered, 1 not, or there is no such event, 2 wrong usage.",
      "",
      "Examples:",
      "  ./carillon query errors --event-name event_a --days 7",
      "  ./carillon query timeline --bucket 15m --json"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "QUESTION")
final class QueryCommand {

  private static final String[] OF_EVENTS = {
    "id", "created_at", "event_name", "latency", "error", "input", "output"
  };

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON instead of a table.")
  private boolean json;

  QueryCommand() {}

  @Command(
      name = "errors",
      description = "Errors by day and name, oldest day first.",
      mixinStandardHelpOptions = true)
  int errors(@Mixin AnalyticsAddress address, @Mixin QuestionFilter filter) {
    return table(address, filter::query, AnalyticsClient::getErrorCounts);
  }

  @Command(
      name = "latency",
      description = "The p95 latency by conversation and name, slowest first.",
      mixinStandardHelpOptions = true)
  int latency(
      @Mixin AnalyticsAddress address, @Mixin QuestionFilter filter, @Mixin LineLimit limit) {
    return table(address, () -> filter.query(limit), AnalyticsClient::getLatencyStats);
  }

  @Command(
      name = "top-errors",
      description = "Conversations by their share of errors, worst first.",
      mixinStandardHelpOptions = true)
  int topErrors(
      @Mixin AnalyticsAddress address, @Mixin QuestionFilter filter, @Mixin LineLimit limit) {
    return table(address, () -> filter.query(limit), AnalyticsClient::getTopErrorSessions);
  }

  @Command(
      name = "slowest",
      description = "Conversations by their p95 latency, slowest first.",
      mixinStandardHelpOptions = true)
  int slowest(
      @Mixin AnalyticsAddress address, @Mixin QuestionFilter filter, @Mixin LineLimit limit) {
    return table(address, () -> filter.query(limit), AnalyticsClient::getSlowestSessions);
  }

  @Command(name = "names", description = "Latencies by name.", mixinStandardHelpOptions = true)
  int names(@Mixin AnalyticsAddress address, @Mixin QuestionFilter filter) {
    return table(address, filter::query, AnalyticsClient::getLatencyByName);
  }

  @Command(
      name = "timeline",
      description = "Events, errors and latencies over time.",
      mixinStandardHelpOptions = true)
  int timeline(
      @Mixin AnalyticsAddress address,
      @Mixin QuestionFilter filter,
      @Option(
              names = "--bucket",
              paramLabel = "TIME",
              defaultValue = "hour",
              converter = Times.OfDuration.class,
              description =
                  "How long a piece of time is: minute, hour, day, or like 15m or PT15M."
                      + " Default: ${DEFAULT-VALUE}.")
          Duration bucket) {
    return table(address, filter::query, (client, query) -> client.getTimeline(bucket, query));
  }

  @Command(
      name = "totals",
      description = "All events of a period, beside the period before.",
      mixinStandardHelpOptions = true)
  int totals(@Mixin AnalyticsAddress address, @Mixin QuestionFilter filter) {
    Totals totals = ask(address, client -> client.getTotals(filter.query()));
    if (json) {
      Rows.printJson(out(), totals);
    } else {
      Rows.printTable(out(), List.of(totals.current(), totals.previous()));
    }
    return 0;
  }

  @Command(
      name = "event",
      description = "One event, as it is now.",
      mixinStandardHelpOptions = true)
  int event(
      @Mixin AnalyticsAddress address,
      @Parameters(paramLabel = "UUID", description = "The event's id.") String id) {
    Optional<AnalyticsEvent> found = ask(address, client -> client.getEvent(id));
    if (found.isEmpty()) {
      spec.commandLine().getErr().println("carillon: there is no event " + id);
      return 1;
    }
    if (json) {
      Rows.printJson(out(), found.get());
    } else {
      Rows.printMembers(out(), found.get());
    }
    return 0;
  }

  @Command(
      name = "conversation",
      description = "The events of a conversation, by time of creation.",
      mixinStandardHelpOptions = true)
  int conversation(
      @Mixin AnalyticsAddress address,
      @Mixin EventRange range,
      @Mixin LineLimit limit,
      @Option(
              names = "--after",
              paramLabel = "UUID",
              description = "Only what comes after this event of the conversation.")
          @Nullable String after,
      @Parameters(paramLabel = "ID", description = "The conversation.") String id) {
    Supplier<AnalyticsQuery> query = () -> range.query(null, null, limit.lines(), after);
    return print(
        ask(address, client -> client.getEventsByConversation(id, query.get())), OF_EVENTS);
  }

  private int table(
      AnalyticsAddress address,
      Supplier<AnalyticsQuery> query,
      BiFunction<AnalyticsClient, AnalyticsQuery, List<?>> question) {
    return print(ask(address, client -> question.apply(client, query.get())));
  }

  private int print(List<?> answers, String... columns) {
    if (json) {
      Rows.printJson(out(), answers);
    } else {
      Rows.printTable(out(), answers, columns);
    }
    return 0;
  }

  /** Asks; a question that the client finds not valid, or the service, is wrong usage. */
  private <T> T ask(AnalyticsAddress address, Function<AnalyticsClient, T> question) {
    try (AnalyticsClient client = address.client(spec)) {
      return question.apply(client);
    } catch (AnalyticsValidationException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (AnalyticsException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
