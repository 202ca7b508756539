package dev.carillon.benchmarks;

import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts the servers that benchmarks measure, each in a process of its own. */
final class Servers {

  private Servers() {}

  /** The JVM options of a hub as the script starts it; it hands them over. */
  static List<String> hubOptions() {
    return options("carillon.hub.jvm");
  }

  private static List<String> options(String property) {
    return List.of(System.getProperty(property, "-Xmx512m").trim().split("\\s+"));
  }

  static HubProcess hub(Path data, String... flags) {
    return HubProcess.start(hubOptions(), data, flags);
  }

  /** A hub that is a writer alone, as the script starts it. */
  static HubProcess writer(Path data, String... flags) {
    return HubProcess.start(options("carillon.writer.jvm"), data, flags);
  }

  /** A bare server; whoever starts it ends it. */
  static Process bare(int port) throws IOException {
    List<String> command = HubProcess.command(hubOptions());
    command.set(command.size() - 1, BareServer.class.getName());
    command.add(Integer.toString(port));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (!"ready".equals(line)) {
      throw new IllegalStateException("the bare server did not start");
    }
    return process;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The resident memory of a process in MB. */
  static double residentMegabytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("no VmRSS of process " + pid);
  }

  static URI publish(URI http) {
    return http.resolve("/api/v2.0/EventService");
  }

  static URI publishBatch(URI http) {
    return http.resolve("/api/v2.0/EventService/batch");
  }
}
