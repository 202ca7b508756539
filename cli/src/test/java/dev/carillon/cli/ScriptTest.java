package dev.carillon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script at the project's root, in a place of its own with nothing to build or install by. */
@Timeout(60)
class ScriptTest {

  private static final List<String> TOOLS =
      List.of(
          "bash", "cat", "cksum", "dirname", "find", "grep", "locale", "mkdir", "readlink", "sort");

  @TempDir private Path root;

  @BeforeEach
  void layOut() throws IOException {
    Files.copy(Path.of("..", "carillon"), root.resolve("carillon"));
    Path bin = Files.createDirectory(root.resolve("bin"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(bin.resolve(tool), found(tool));
    }
    Path lib = Files.createDirectories(root.resolve("cli/target/lib"));
    Files.createFile(lib.resolve("sources")); // this place has none, so what is built is fresh
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
    new JarOutputStream(Files.newOutputStream(lib.resolve("cli.jar")), manifest).close();
  }

  private static Path found(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toUri().toString())
        .collect(Collectors.joining(" "));
  }

  /** Runs a line of bash with no more of an environment than cron gives. */
  private Run bash(String line) throws IOException, InterruptedException {
    Path out = root.resolve("out");
    Path err = root.resolve("err");
    ProcessBuilder shell =
        new ProcessBuilder(root.resolve("bin/bash").toString(), "-c", line)
            .directory(root.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = shell.environment();
    environment.clear();
    environment.put("PATH", root.resolve("bin").toString());
    environment.put("HOME", root.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    int exitCode = shell.start().waitFor();
    return new Run(exitCode, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  @Test
  void helpListsEveryCommand() throws Exception {
    Run run = bash("bash carillon help");

    assertThat(run.exitCode()).isZero();
    assertThat(Main.commandLine().getSubcommands().keySet())
        .allSatisfy(command -> assertThat(run.out()).contains("\n  " + command + " "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"test --help", "bench hub-ingest -h"})
  void helpOfTestAndBenchInstallsNothing(String line) throws Exception {
    Run run = bash("bash carillon " + line);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("Usage: carillon " + line.substring(0, line.indexOf(' ')));
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aMissingBenchmarkIsSaidBeforeAnythingIsInstalled() throws Exception {
    Run run = bash("bash carillon bench --quick");

    assertThat(run.err()).startsWith("carillon: ").contains("NAME", "carillon bench --help");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void argumentsKeepTheirLettersWithoutALocale() throws Exception {
    try (ScriptedService service = ScriptedService.start()) {
      String flags =
          "--topic t --url " + service.url() + " --data $'{\"who\":\"M\\303\\274ller\"}'";

      assertThat(bash("bash carillon publish dataservices " + flags).exitCode()).isZero();
      assertThat(service.events()).hasSize(1);
      assertThat(service.events().get(0).at("/data/who").asText()).isEqualTo("Müller");
    }
  }
}
