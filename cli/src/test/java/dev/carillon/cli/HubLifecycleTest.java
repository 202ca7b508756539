package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the hub starts, refuses to start, and stops. */
@Timeout(120)
final class HubLifecycleTest {

  private static final String EVENT = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";

  @TempDir private Path folder;

  /** A run of the command line's hub: what it printed, and its exit code once it ended. */
  private final class HubRun implements AutoCloseable {
    private final Path out;
    private final Path err;
    private final Process process;

    HubRun(Map<String, String> environment, String... flags) throws IOException {
      out = Files.createTempFile(folder, "out", ".txt");
      err = Files.createTempFile(folder, "err", ".txt");
      List<String> command = HubProcess.command(HubProcess.SHORT_LIVED);
      command.remove(command.size() - 1);
      command.addAll(List.of(Main.class.getName(), "hub"));
      command.addAll(List.of(flags));
      for (String port : List.of("--bus-pub-port", "--bus-sub-port")) {
        if (!command.contains(port)) {
          command.addAll(List.of(port, "0"));
        }
      }
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
      builder.environment().put("CARILLON_EVENTGRID_PORT", "0");
      builder.environment().putAll(environment);
      process = builder.start();
    }

    JsonNode awaitReady() {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(out).endsWith("\n") || !process.isAlive());
      return Log.json(read(out));
    }

    int awaitEnd() throws InterruptedException {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("whether it ended").isTrue();
      return process.exitValue();
    }

    int stop() throws InterruptedException {
      process.destroy();
      return awaitEnd();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefuses(String reason, String... flags) throws Exception {
    try (HubRun run = new HubRun(Map.of(), flags)) {
      assertThat(run.awaitEnd()).as(read(run.err)).isEqualTo(2);
      assertThat(read(run.err).lines()).as("lines on standard error").hasSize(1);
      assertThat(read(run.err)).startsWith("hub: ").contains(reason);
      assertThat(read(run.out)).isEmpty();
    }
  }

  @Test
  void drainsAndExitsZeroUnderLoad() throws Exception {
    Path data = folder.resolve("data");
    Set<String> acknowledged;
    try (HubProcess hub = HubProcess.start(data);
        Load load = Load.on(hub.http(), 4, 2)) {
      load.awaitMore(2_000);
      Instant told = Instant.now();
      assertThat(hub.stop()).as(hub.log()).isZero();
      assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(10));
      load.close();
      acknowledged = load.acknowledged();
    }
    try (HubProcess again = HubProcess.start(data)) {
      Log.assertHoldsOnce(again.http(), acknowledged);
    }
  }

  @Test
  void leavesNoLibraryInTheTemporaryFolderWhenItIsKilled() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    List<String> options = List.of("-Djava.io.tmpdir=" + temporary);
    try (HubProcess hub = HubProcess.start(options, folder.resolve("data"))) {
      assertThat(Log.post(hub.http(), EVENT).statusCode()).isEqualTo(200);
      hub.kill();
    }
    assertThat(temporary.toFile().list((in, name) -> name.contains(".so"))).isEmpty();
  }

  @Test
  void keepsItsEventLoopsAndNothingElseOnProcessorsOfTheirOwn() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    String all = "0-" + (processors - 1);
    assumeThat(processors).isGreaterThan(1);
    assumeThat(Path.of("/usr/bin/taskset")).exists();
    assumeThat(allowed(Path.of("/proc/self"))).isEqualTo(all);
    try (HubProcess hub = HubProcess.start(folder.resolve("data"))) {
      assertThat(Log.post(hub.http(), EVENT).statusCode()).isEqualTo(200);
      assertThat(Log.get(hub.http(), "/api/events").statusCode()).isEqualTo(200);
      assertThat(Log.get(hub.http(), "/analytics/errors").statusCode()).isEqualTo(200);
      assertThat(Log.post(hub.http(), "[" + "1,".repeat(100_000) + "1]").statusCode())
          .isEqualTo(400); // large enough for a worker

      Map<String, String> loops = new HashMap<>();
      Map<String, String> others = new HashMap<>();
      try (Stream<Path> threads = Files.list(Path.of("/proc/" + hub.pid() + "/task"))) {
        for (Path thread : (Iterable<Path>) threads::iterator) {
          try {
            String name = Files.readString(thread.resolve("comm")).strip() + thread.getFileName();
            (name.startsWith("vert.x-eventloo") ? loops : others).put(name, allowed(thread));
          } catch (IOException e) {
            assertThat(thread).as("a thread that has ended").doesNotExist();
          }
        }
      }
      assertThat(loops.values())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, processors).mapToObj(Integer::toString).toList());
      assertThat(others).allSatisfy((name, allowed) -> assertThat(allowed).isEqualTo(all));
    }
  }

  /** The processors that a thread may use. */
  private static String allowed(Path thread) throws IOException {
    return Files.readString(thread.resolve("status"))
        .lines()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.substring(line.indexOf('\t') + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void stopsInTimeThoughAReaderStaysConnected() throws Exception {
    try (HubProcess hub = HubProcess.start(folder.resolve("data"));
        LiveReader reader = LiveReader.of(hub.http())) {
      assertThat(Log.post(hub.http(), EVENT).statusCode()).isEqualTo(200);
      await().until(() -> reader.ids().size() == 1);
      Instant told = Instant.now();
      assertThat(hub.stop()).isZero();
      assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void printsOneLineOfJsonAndNothingElse() throws Exception {
    try (HubRun run =
        new HubRun(Map.of(), "--data", folder.resolve("d").toString(), "--http-port", "0")) {
      JsonNode ready = run.awaitReady();
      assertThat(ready.get("ready").booleanValue()).isTrue();
      URI http = URI.create(ready.get("http").textValue());
      assertThat(http.getHost()).isEqualTo("127.0.0.1");
      assertThat(ready.get("bus").get("publish").textValue()).startsWith("tcp://127.0.0.1:");
      assertThat(ready.get("bus").get("subscribe").textValue()).startsWith("tcp://127.0.0.1:");
      assertThat(ready.get("bus").has("acknowledge")).isFalse();
      assertThat(Log.post(http, EVENT).statusCode()).isEqualTo(200);
      assertThat(Log.post(http, "nonsense").statusCode()).isEqualTo(400);
      assertThat(Log.get(http, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(run.stop()).isZero();
      assertThat(read(run.out).lines()).hasSize(1);
    }
  }

  @Test
  void saysInItsLogWhenItWas() throws Exception {
    Instant started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    try (HubRun run =
        new HubRun(Map.of(), "--data", folder.resolve("d").toString(), "--http-port", "0")) {
      run.awaitReady();
      assertThat(run.stop()).isZero();
      assertThat(read(run.err).lines().filter(line -> line.contains(" made a certificate ")))
          .singleElement()
          .extracting(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' '))))
          .satisfies(time -> assertThat(time.toInstant()).isBetween(started, Instant.now()));
    }
  }

  @Test
  void takesItsFlagsFromTheEnvironmentToo() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path data = folder.resolve("from environment");
    Map<String, String> environment =
        Map.of(
            "CARILLON_DATA",
            data.toString(),
            "CARILLON_BIND",
            "127.0.0.2",
            "CARILLON_HTTP_PORT",
            Integer.toString(port),
            "CARILLON_API_KEY",
            "secret");
    try (HubRun run = new HubRun(environment)) {
      URI http = URI.create(run.awaitReady().get("http").textValue());
      assertThat(http).isEqualTo(URI.create("http://127.0.0.2:" + port));
      assertThat(Log.post(http, EVENT).statusCode()).isEqualTo(401);
      assertThat(Log.get(http, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(data).isNotEmptyDirectory();
      assertThat(run.stop()).isZero();
    }
  }

  @Test
  void takesAKeyFromTheEnvironmentToTheLetterAndSoDoesPublish() throws Exception {
    Map<String, String> key = Map.of("CARILLON_API_KEY", "pa$$word-${sys:user.home}");
    String[] flags = {"--data", folder.resolve("data").toString(), "--http-port", "0"};
    try (HubRun hub = new HubRun(key, flags)) {
      String url = hub.awaitReady().get("http").textValue();
      List<String> publish =
          List.of("publish", "dataservices", "--url", url, "--topic", "t", "--data", "{}");
      List<String> withFlag = new ArrayList<>(publish);
      withFlag.addAll(List.of("--api-key", "pa$$word-${sys:user.home}"));
      assertThat(exitCode(Map.of(), withFlag)).as("with the key as a flag").isZero();
      assertThat(exitCode(key, publish)).as("with the key as a variable").isZero();
    }
  }

  private static int exitCode(Map<String, String> environment, List<String> arguments)
      throws Exception {
    List<String> command = HubProcess.command(HubProcess.SHORT_LIVED);
    command.set(command.size() - 1, Main.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("CARILLON_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("whether it ended").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void refusesVariablesThatCannotBeUsedAndNamesThem() throws Exception {
    assertRefusesTheEnvironment("--http-port", Map.of("CARILLON_HTTP_PORT", "many"));
    assertRefusesTheEnvironment("CARILLON_BUS_NO_DROP", Map.of("CARILLON_BUS_NO_DROP", "no"));
    assertRefusesTheEnvironment("CARILLON_API_KEY", Map.of("CARILLON_API_KEY", ""));
  }

  private void assertRefusesTheEnvironment(String named, Map<String, String> environment)
      throws Exception {
    try (HubRun run = new HubRun(environment)) {
      assertThat(run.awaitEnd()).isEqualTo(2);
      assertThat(read(run.err)).contains(named);
      assertThat(read(run.out)).isEmpty();
    }
  }

  @Test
  void refusesAPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      String data = folder.resolve("d").toString();
      assertRefuses(port, "--data", data, "--http-port", port);
      for (String flag : List.of("--bus-pub-port", "--bus-sub-port", "--bus-ack-port")) {
        assertRefuses(port, "--data", data, "--http-port", "0", flag, port);
      }
    }
  }

  @Test
  void refusesAFolderThatIsAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertRefuses(file.toString(), "--data", file.toString(), "--http-port", "0");
    Path below = file.resolve("data");
    assertRefuses(below.toString(), "--data", below.toString(), "--http-port", "0");
    assertThat(file).hasContent("in the way");
  }

  @Test
  void refusesATemporaryFolderThatTheDatabaseCannotBeLoadedFrom() throws Exception {
    Path data = folder.resolve("data");
    String file = Files.createFile(folder.resolve("file")).toString();
    Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + file);
    String[] flags = {"--data", data.toString(), "--http-port", "0"};
    try (HubRun run = new HubRun(environment, flags)) {
      assertThat(run.awaitEnd()).as(read(run.err)).isEqualTo(2);
      assertThat(read(run.err).lines().filter(line -> line.startsWith("hub: ")))
          .singleElement()
          .asString()
          .contains(file, data.toString());
    }
    try (HubRun run = new HubRun(Map.of(), flags)) {
      assertThat(run.awaitReady().get("ready").booleanValue()).isTrue();
    }
  }

  @Test
  void exitsZeroWhenItIsToldToStopWhileItStarts() throws Exception {
    Path data = folder.resolve("data");
    try (HubRun run = new HubRun(Map.of(), "--data", data.toString(), "--http-port", "0")) {
      await().pollInterval(Duration.ofMillis(1)).until(() -> Files.exists(data.resolve("lock")));
      assertThat(run.stop()).as(read(run.err)).isZero();
    }
  }

  @Test
  void refusesAFolderThatAnotherHubHas() throws Exception {
    Path data = folder.resolve("data");
    try (HubProcess hub = HubProcess.start(data)) {
      assertRefuses("in use", "--data", data.toString(), "--http-port", "0");
      assertThat(Log.post(hub.http(), EVENT).statusCode()).as("the first hub").isEqualTo(200);
    }
  }

  @Test
  void refusesToBindBeyondLoopbackWithoutAKey() throws Exception {
    Path data = folder.resolve("never made");
    assertRefuses("API key", "--bind", "0.0.0.0", "--data", data.toString(), "--http-port", "0");
    assertThat(data).doesNotExist();
  }

  @Test
  void idlesInLittleMemory() {
    List<String> options = new ArrayList<>(HubJvm.options());
    try (HubProcess hub = HubProcess.start(options, folder.resolve("data"))) {
      assertThat(Log.get(hub.http(), "/health/ready").statusCode()).isEqualTo(200);
      assertThat(HubJvm.residentMib(hub.pid())).as("resident MiB").isLessThan(350);
    }
  }
}
