package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published needs nothing but the JDK. Runs after packaging, on its results. */
class PublishedJarTest {

  private static final Path JAR = Path.of(property("published.jar"));
  private static final Path POM = Path.of(property("published.pom"));

  private static final Pattern MISSING = Pattern.compile("-> (\\S+\\.\\S+)\\s+not found");

  private static final String APPLICATION =
      """
      import dev.carillon.analytics.AnalyticsClient;
      import dev.carillon.analytics.AnalyticsValidationException;
      import dev.carillon.analytics.EventBuffer;
      import dev.carillon.analytics.TrackedEvent;
      import java.util.Map;

      public final class Application {
        public static void main(String[] args) {
          try (AnalyticsClient client =
                  AnalyticsClient.builder()
                      .baseUrl(args[0])
                      .retryDelay(java.time.Duration.ofMillis(5))
                      .build();
              EventBuffer buffer = client.openBuffer()) {
            TrackedEvent event =
                TrackedEvent.builder("conv_123", "event_a")
                    .input("What is the weather today?")
                    .latency(142.5)
                    .inputEmbeddings(0.1f, 0.2f)
                    .conversationMetadata(Map.of("session", 7))
                    .build();
            System.out.println("tracked " + client.trackEvent(event).equals(event.id()));
            System.out.println("buffered " + buffer.trackEvent(event));
            System.out.println("flushed " + buffer.flush(java.time.Duration.ofSeconds(20)));
            System.out.println("well " + client.healthCheck());
            TrackedEvent.of(" ", "event_a");
          } catch (AnalyticsValidationException e) {
            System.out.println(e.getMessage());
          }
        }
      }
      """;

  @TempDir private Path folder;

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new AssertionError("run by Maven after packaging, which sets " + name);
    }
    return value;
  }

  @Test
  void dependsOnNothing() throws Exception {
    var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(POM.toFile());

    assertThat(pom.getElementsByTagName("artifactId").getLength()).isEqualTo(1);
    for (String element : List.of("parent", "dependencies", "dependency", "dependencyManagement")) {
      assertThat(pom.getElementsByTagName(element).getLength()).as(element).isZero();
    }
  }

  @Test
  void holdsOnlyItsOwnPackages() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(entry -> entry.getName()))
          .contains("dev/carillon/analytics/AnalyticsClient.class", "META-INF/LICENSE")
          .allMatch(
              name -> name.startsWith("dev/carillon/analytics/") || name.startsWith("META-INF/"));
    }
    assertThat(Files.size(JAR)).isLessThan(1 << 20);
  }

  @Test
  void refersToNothingThatIsNotThere() {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);

    ToolProvider.findFirst("jdeps").orElseThrow().run(out, out, "--missing-deps", JAR.toString());

    assertThat(missing(said.toString()))
        .as("annotations may be missing, classes may not")
        .allMatch(name -> name.startsWith("org.jspecify.annotations."));
  }

  private static List<String> missing(String said) {
    return MISSING.matcher(said).results().map(found -> found.group(1)).toList();
  }

  @Test
  void compilesAndRunsAloneOnTheJdk() throws Exception {
    Path source = Files.writeString(folder.resolve("Application.java"), APPLICATION);
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                out,
                out,
                "-Xlint:all",
                "-Werror",
                "-cp",
                JAR.toString(),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(compiled).as(said.toString()).isZero();

    try (ScriptedServer server = ScriptedServer.accepting()) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  JAR + java.io.File.pathSeparator + folder,
                  "Application",
                  server.url())
              .redirectErrorStream(true)
              .start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor()).as(printed).isZero();
      assertThat(printed)
          .contains("tracked true", "FlushReport[accepted=1, failed=0, unsent=[]]", "well true")
          .contains("conversation_id: must not be blank");
      assertThat(server.requests())
          .extracting(ScriptedServer.Request::line)
          .contains("POST /event/", "POST /event/batch");
    }
  }
}
