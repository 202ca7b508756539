package dev.carillon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator: wrk, in its own process, posting one body over and over. */
final class Wrk {

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)\\b");
  private static final Pattern ERRORS = Pattern.compile("(Non-2xx|Socket errors).*");

  private final Path script;

  /** What wrk saw: requests per second, and the 99th percentile of latency in milliseconds. */
  record Load(double rate, double p99) {}

  private Wrk(Path script) {
    this.script = script;
  }

  /** Posts a JSON body. */
  static Wrk posting(Path folder, String body) throws IOException {
    Path script = Files.createTempFile(folder, "post", ".lua");
    String text =
        """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.body = [==[%s]==]
        """
            .formatted(body);
    return new Wrk(Files.writeString(script, text));
  }

  /** Does what a Lua script says, until that says it is done. */
  static Wrk running(Path folder, String script) throws IOException {
    return new Wrk(Files.writeString(Files.createTempFile(folder, "run", ".lua"), script));
  }

  /** Puts load on an address; fails if any request failed. */
  Load on(URI address, int connections, int seconds) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "wrk",
            "-t1",
            "-c" + connections,
            "-d" + seconds + "s",
            "--timeout",
            "20s",
            "--latency",
            "-s",
            script.toString(),
            address.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || ERRORS.matcher(output).find()) {
      throw new IllegalStateException("wrk on " + address + " saw errors:\n" + output);
    }
    Matcher p99 = find(P99, output);
    double unit = p99.group(2).equals("us") ? 0.001 : p99.group(2).equals("ms") ? 1 : 1000;
    return new Load(
        Double.parseDouble(find(RATE, output).group(1)), Double.parseDouble(p99.group(1)) * unit);
  }

  private static Matcher find(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException("wrk printed no " + pattern + ":\n" + output);
    }
    return matcher;
  }
}
