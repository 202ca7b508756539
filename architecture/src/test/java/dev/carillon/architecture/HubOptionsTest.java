package dev.carillon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A hub runs with the same options of the JVM wherever it is started. Those of the script, which
 * adds large pages where there are some, are the model.
 */
final class HubOptionsTest {

  private static final Pattern LISTS = Pattern.compile("(?m)^(\\w+_jvm)=\\(([^)]*)\\)");
  private static final Pattern VALUE = Pattern.compile("=.*|(?<=^-X(ms|mx))\\d.*");

  private final Map<String, String> script = new LinkedHashMap<>();

  HubOptionsTest() {
    LISTS
        .matcher(Sources.text("carillon"))
        .results()
        .forEach(list -> script.put(list.group(1), list.group(2)));
  }

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

  /** The options of lists one after the other, of which the last of a name wins. */
  private List<String> asTheScript(String... lists) {
    Map<String, String> byName = new LinkedHashMap<>();
    Arrays.stream(lists)
        .flatMap(list -> words(script.getOrDefault(list, "")))
        .forEach(option -> byName.put(VALUE.matcher(option).replaceFirst(""), option));
    return List.copyOf(byName.values());
  }

  private static List<String> options(String file, String pattern) {
    MatchResult found =
        Pattern.compile(pattern).matcher(Sources.text(file)).results().findFirst().orElseThrow();
    return words(found.group(1)).toList();
  }

  private static Stream<String> words(String text) {
    return Arrays.stream(text.strip().split("[\\s\\\\]+"));
  }
}
