package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A hub runs with the same options of the JVM wherever it is started. Those of the script, which
 * adds large pages where there are some, are the model. And how its image keeps what it is given.
 */
final class HubOptionsTest {

  private static final Pattern VALUE = Pattern.compile("=.*|(?<=^-X(ms|mx))\\d.*");

  @Test
  void theImageHasThoseOfTheScript() {
    assertThat(options("Dockerfile", "JDK_JAVA_OPTIONS=\"([^\"]*)\""))
        .containsExactlyInAnyOrderElementsOf(asTheScript("hub_jvm", "any_jvm"));
  }

  @Test
  void theComposedWriterHasThoseOfTheScript() {
    assertThat(
            options(
                "docker-compose.yml",
                "CARILLON_ROLE: writer\\s+#.*\\s+JDK_JAVA_OPTIONS: >-((?:\\s+-\\S+)+)\\s+[A-Z]"))
        .containsExactlyInAnyOrderElementsOf(asTheScript("hub_jvm", "writer_jvm", "any_jvm"));
  }

  @Test
  void theImageKeepsItsEventsInAVolumeOfItsUserWhoHasANumber() {
    String dockerfile = HubJvm.text(Path.of("..", "Dockerfile"));
    String image = dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));
    String uid = only(image, "(?m)^USER ([1-9]\\d*):[1-9]\\d*$");
    String gid = only(image, "(?m)^USER [1-9]\\d*:([1-9]\\d*)$");
    String folder = only(image, "(?m)^VOLUME (/\\S+)$");
    assertThat(image)
        .containsSubsequence(
            "groupadd --gid " + gid,
            "useradd --uid " + uid + " --gid " + gid,
            "mkdir -p " + folder,
            "chown " + uid + ":" + gid + " " + folder,
            "USER ",
            "VOLUME ");
    assertThat(only(image, "CARILLON_DATA=(\\S+)")).isEqualTo(folder);
    assertThat(only(image, "CARILLON_BIND=(\\S+)")).isEqualTo("0.0.0.0");
  }

  private static String only(String text, String pattern) {
    List<String> found =
        Pattern.compile(pattern).matcher(text).results().map(m -> m.group(1)).toList();
    assertThat(found).as(pattern).hasSize(1);
    return found.get(0);
  }

  /** The options of lists one after the other, of which the last of a name wins. */
  private static List<String> asTheScript(String... lists) {
    Map<String, String> byName = new LinkedHashMap<>();
    Arrays.stream(lists)
        .flatMap(list -> HubJvm.options(list).stream())
        .forEach(option -> byName.put(VALUE.matcher(option).replaceFirst(""), option));
    return List.copyOf(byName.values());
  }

  private static List<String> options(String file, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(HubJvm.text(Path.of("..", file)));
    assertThat(found.find()).as("whether %s has options", file).isTrue();
    return List.of(found.group(1).strip().split("[\\s\\\\]+"));
  }
}
