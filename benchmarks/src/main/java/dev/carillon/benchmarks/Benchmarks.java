package dev.carillon.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one benchmark and prints a line of JSON for each comparison. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Runs one benchmark beside its peer, in one run.")
public final class Benchmarks implements Callable<Integer> {

  private static final Map<String, Benchmark> ALL = all();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "One of ${COMPLETION-CANDIDATES}.",
      completionCandidates = Names.class)
  private String name = "";

  @Option(names = "--quick", description = "Short rounds: a look, not a measurement.")
  private boolean quick;

  /** The names, for help. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ALL.keySet().iterator();
    }
  }

  private static Map<String, Benchmark> all() {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    all.put("hub-ingest", new HubIngest());
    all.put("hub-size", new HubSize());
    all.put("dataservices-client", new DataServicesClient());
    all.put("analytics-ingest", new AnalyticsIngest());
    all.put("analytics-query", new AnalyticsQueries());
    all.put("analytics-client", new AnalyticsTracking());
    all.put("analytics-writer", new AnalyticsWriting());
    all.put("eventgrid", new EventGrid());
    all.put("rabbitmq", new RabbitMq());
    all.put("eventbus", new EventBus());
    return all;
  }

  /** Runs the benchmark that the arguments name. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Benchmark benchmark = ALL.get(name);
    if (benchmark == null) {
      String message = "no benchmark is called " + name + "; there are " + ALL.keySet();
      CommandLine line = new CommandLine(this);
      throw new CommandLine.ParameterException(spec == null ? line : spec.commandLine(), message);
    }
    Path folder = Files.createTempDirectory("carillon-bench");
    try {
      benchmark.run(new Run(name, quick, folder, 1));
    } finally {
      delete(folder);
    }
    return CommandLine.ExitCode.OK;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
