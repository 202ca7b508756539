package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs in another language, at the other side of the broker. */
final class Python {

  private Python() {}

  /** Runs a program of the test resources and returns the lines it printed. */
  static List<String> run(Path folder, String program, String... arguments) throws Exception {
    Path out = Files.createTempFile(folder, program, ".out");
    Path err = Files.createTempFile(folder, program, ".err");
    List<String> command = new ArrayList<>(List.of(python(), "src/test/resources/" + program));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("whether Python ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readAllLines(out);
  }

  /** The system's Python if the one in front of it lacks pika. */
  private static String python() throws IOException, InterruptedException {
    Process asked =
        new ProcessBuilder("python3", "-c", "import pika")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return asked.waitFor() == 0 ? "python3" : "/usr/bin/python3";
  }
}
