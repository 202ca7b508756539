package dev.carillon.benchmarks;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.carillon.benchmarks.Run.Better;
import dev.carillon.testkit.engines.RabbitBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Publishing persistent events of 256 bytes to a real RabbitMQ, each confirmed: beside RabbitMQ's
 * own PerfTest and Spring's RabbitTemplate, all in fresh processes, with the same window.
 */
final class RabbitMq implements Benchmark {

  private static final String NAME = "bench";
  private static final String KEY = "workout.created";

  /** As many properties as our events have. */
  private static final String PROPERTIES =
      "contentType=application/json,type="
          + KEY
          + ",messageId=3f0c9ad4-9b7e-4f4e-8a9e-0b1c2d3e4f50"
          + ",timestamp=2026-11-01T12:00:00Z,appId=carillon";

  private static final int WINDOW = 1_000;
  private static final int MOST_ALLOCATED = 2_048;
  private static final int BODY = 256;
  private static final Pattern PERF_TEST = Pattern.compile("sent: (\\d+) msg/s");
  private static final Pattern LOAD = Pattern.compile("(?m)^([\\d.]+) (-?\\d+)$");

  @Override
  public void run(Run run) throws Exception {
    try (RabbitBroker broker = RabbitBroker.start(run.folder().resolve("rabbitmq"))) {
      String url = broker.url();
      run.interleave(
          "one thread, async, beside PerfTest -x 1 --confirm 1000",
          "events/s",
          () -> ours(run, url, "async", 1, WINDOW),
          () -> perfTest(run, url, 1, WINDOW));
      run.interleave(
          "16 threads, async, beside PerfTest -x 16 --confirm 1000",
          "events/s",
          () -> ours(run, url, "async", 16, WINDOW),
          () -> perfTest(run, url, 16, WINDOW));
      run.interleave(
          "64 threads, blocking publish, beside PerfTest -x 1 --confirm 64",
          "events/s",
          () -> ours(run, url, "blocking", 64, 1),
          () -> perfTest(run, url, 1, 64));
      run.interleave(
          "one thread, async, beside RabbitTemplate with correlated confirms",
          "events/s",
          () -> ours(run, url, "async", 1, WINDOW),
          () -> ours(run, url, "spring", 1, WINDOW));
      run.interleave(
          "validation on, beside off",
          "events/s",
          () -> ours(run, url, "async-validated", 1, WINDOW),
          () -> ours(run, url, "async", 1, WINDOW));
      double bytes = Double.parseDouble(load(run, url, "async", 1, WINDOW).group(2)) - BODY;
      run.compare(
          "allocated for an event beyond its body, beside 2 KB",
          bytes,
          MOST_ALLOCATED,
          "bytes",
          Better.LESS);
    }
  }

  private static double ours(Run run, String url, String mode, int threads, int window)
      throws Exception {
    return Double.parseDouble(load(run, url, mode, threads, window).group(1));
  }

  private static MatchResult load(Run run, String url, String mode, int threads, int window)
      throws Exception {
    emptyQueue(url);
    List<String> command = java("org.slf4j.simple.SimpleServiceProvider");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add(RabbitMqLoad.class.getName());
    command.addAll(List.of(url, NAME, mode, Integer.toString(threads), Integer.toString(window)));
    command.add(Integer.toString(run.seconds()));
    String text = output(command);
    return LOAD.matcher(text)
        .results()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no figure in: " + text));
  }

  private static double perfTest(Run run, String url, int producers, int window) throws Exception {
    emptyQueue(url);
    List<String> command = java("ch.qos.logback.classic.spi.LogbackServiceProvider");
    command.add("com.rabbitmq.perf.PerfTest");
    command.addAll(List.of("-h", url, "--predeclared", "-e", NAME, "-t", "topic", "-u", NAME));
    command.addAll(List.of("-k", KEY, "-f", "persistent", "-f", "mandatory"));
    command.addAll(List.of("-s", Integer.toString(BODY), "-y", "0", "-mp", PROPERTIES));
    command.addAll(List.of("-x", Integer.toString(producers), "-c", Integer.toString(window)));
    command.addAll(List.of("-z", Integer.toString(2 * run.seconds())));
    List<MatchResult> seconds = PERF_TEST.matcher(output(command)).results().toList();
    return seconds.stream()
        .skip(seconds.size() / 2) // to warm up
        .mapToDouble(second -> Double.parseDouble(second.group(1)))
        .average()
        .orElseThrow(() -> new IllegalStateException("PerfTest told no figures"));
  }

  private static List<String> java(String logging) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-Dslf4j.provider=" + logging));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command.get(command.size() - 1) + " failed: " + text);
    }
    return text;
  }

  private static void emptyQueue(String url) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(url);
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.exchangeDeclare(NAME, BuiltinExchangeType.TOPIC, true);
      channel.queueDelete(NAME);
      channel.queueDeclare(NAME, true, false, false, null);
      channel.queueBind(NAME, NAME, "#");
    }
  }
}
