package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HubProcess;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first program of the README runs the way the README says. */
@Timeout(120)
final class QuickstartTest {

  private static final String FILE = "examples/src/main/java/dev/carillon/examples/Quickstart.java";

  @TempDir private Path folder;

  @Test
  void runsFromItsSource() throws Exception {
    try (HubProcess hub = HubProcess.start(folder.resolve("data"))) {
      Process java =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  libraries(),
                  FILE,
                  hub.http().toString())
              .directory(Path.of("..").toFile())
              .redirectErrorStream(true)
              .start();
      String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(java.waitFor()).as(printed).isZero();
      assertThat(printed).contains("published: ", "read back: ");
    }
  }

  /** What a reader has on the class path: not the examples themselves. */
  private static String libraries() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path examples = Path.of("target").toAbsolutePath();
    List<String> others =
        List.of(all.split(File.pathSeparator)).stream()
            .filter(entry -> !Path.of(entry).startsWith(examples))
            .toList();
    return String.join(File.pathSeparator, others);
  }
}
