package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HubProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Azure's own SDK for Python publishes to the hub, unchanged. */
@Timeout(120)
final class PythonAzureTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"Y2FyaWxsb24ncyBrZXkgZm9yIHRlc3RzIG9ubHkuLi4=", "test-key-1"})
  void publishesWithKeyAndSignatureInBothSchemas(String key) throws Exception {
    Path err = folder.resolve("err.txt");
    try (HubProcess hub =
        HubProcess.start(folder.resolve("data"), "--eventgrid-config", config(key))) {
      Process python =
          new ProcessBuilder(
                  python(),
                  "src/test/resources/azure_publisher.py",
                  hub.eventGrid() + "/users/api/events",
                  folder.resolve("data/eventgrid/certificate.pem").toString(),
                  hub.http() + "/users/api/events",
                  key)
              .redirectErrorStream(true)
              .redirectOutput(err.toFile())
              .start();
      assertThat(python.waitFor(90, TimeUnit.SECONDS)).as("whether Python ended").isTrue();
      assertThat(python.exitValue()).as(Files.readString(err)).isZero();
      List<String> expected = new ArrayList<>();
      for (int first : List.of(0, 10)) {
        for (String schema : List.of("eg-", "ce-")) {
          for (int i = first; i < first + 3; i++) {
            expected.add(schema + i);
          }
        }
      }
      assertThat(Log.ids(hub.http())).containsExactlyElementsOf(expected);
    }
  }

  /** A topic with a key of its own; the hub itself has none, so that its log can be read. */
  private String config(String key) throws Exception {
    String json = "{\"topics\":[{\"name\":\"users\",\"keys\":[\"" + key + "\"]}]}";
    return Files.writeString(folder.resolve("eventgrid.json"), json).toString();
  }

  /** The Python that has Azure's SDK; ./carillon test sees to it that one does. */
  private static String python() throws Exception {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      Process trial =
          new ProcessBuilder(python, "-c", "import azure.eventgrid")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (trial.waitFor() == 0) {
        return python;
      }
    }
    throw new AssertionError("no Python 3 with azure.eventgrid; ./carillon test installs it");
  }
}
