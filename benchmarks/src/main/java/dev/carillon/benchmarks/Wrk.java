package dev.carillon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator: wrk, in its own process. */
final class Wrk {

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)\\b");
  private static final Pattern ERRORS = Pattern.compile("(Non-2xx|Socket errors).*");

  /** What stands in a body for something else in each request. */
  static final String UNIQUE = "@unique@";

  private static final String COUNTING =
      """
      local body, began, requests = wrk.body, os.time(), 0
      request = function()
        requests = requests + 1
        local unique = string.format("%x-%x", began, requests)
        return wrk.format(nil, nil, nil, (body:gsub("UNIQUE", unique)))
      end
      """
          .replace("UNIQUE", UNIQUE);

  private final Path script;

  /** What wrk saw: requests per second, and the 99th percentile of latency in milliseconds. */
  record Load(double rate, double p99) {}

  private Wrk(Path script) {
    this.script = script;
  }

  /** Posts a JSON body. */
  static Wrk posting(Path folder, String body) throws IOException {
    return posting(folder, body, Map.of());
  }

  /**
   * Posts a JSON body with further headers; each {@value #UNIQUE} in it is something else in each
   * request.
   */
  static Wrk posting(Path folder, String body, Map<String, String> headers) throws IOException {
    StringBuilder further = new StringBuilder();
    headers.forEach(
        (name, value) -> further.append("wrk.headers[\"%s\"] = \"%s\"\n".formatted(name, value)));
    String text =
        """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        %swrk.body = [==[%s]==]
        """
            .formatted(further, body);
    return running(folder, body.contains(UNIQUE) ? text + COUNTING : text);
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
