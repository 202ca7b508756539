package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation's code is the examples' code, to the letter; and its links lead somewhere. */
class DocumentationTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern QUOTE =
      Pattern.compile("<!-- quote (\\S+) (\\S+) -->\n```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @Test
  void quotesTheExamplesToTheLetter() throws IOException {
    int quotes = 0;
    for (Path page : pages()) {
      for (MatchResult quote : matches(QUOTE, page)) {
        String region = region(ROOT.resolve(quote.group(1)), quote.group(2));
        assertThat(quote.group(3)).as("%s in %s", quote.group(2), page).isEqualTo(region);
        quotes++;
      }
    }
    assertThat(quotes).isPositive();
  }

  @Test
  void linksToFilesThatExist() throws IOException {
    for (Path page : pages()) {
      for (MatchResult link : matches(LINK, page)) {
        assertThat(page.resolveSibling(link.group(1))).as("linked from %s", page).exists();
      }
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String name : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      pages.add(ROOT.resolve(name));
    }
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  private static List<MatchResult> matches(Pattern pattern, Path page) throws IOException {
    return pattern.matcher(Files.readString(page)).results().toList();
  }

  /**
   * What stands between a region's marks, without the indentation that all its lines share; the
   * last one is the end mark's own, since {@code stripIndent} counts a last line that is blank.
   */
  private static String region(Path file, String name) throws IOException {
    Matcher region =
        Pattern.compile(
                "// docs:begin " + name + "\n(.*?)// docs:end " + name + "\n", Pattern.DOTALL)
            .matcher(Files.readString(file));
    assertThat(region.find()).as("region %s of %s", name, file).isTrue();
    return region.group(1).stripIndent();
  }
}
