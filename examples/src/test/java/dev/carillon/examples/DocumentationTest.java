package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
  private static final Pattern ANY_QUOTE = Pattern.compile("<!-- quote ");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
  private static final Pattern MARK = Pattern.compile("// docs:begin ([a-z-]+)\n");

  @Test
  void quotesTheExamplesToTheLetter() throws IOException {
    for (Path page : pages()) {
      List<MatchResult> quotes = matches(QUOTE, page);
      assertThat(quotes).as("quotes in %s", page).hasSameSizeAs(matches(ANY_QUOTE, page));
      for (MatchResult quote : quotes) {
        String region = region(ROOT.resolve(quote.group(1)), quote.group(2));
        assertThat(quote.group(3)).as("%s in %s", quote.group(2), page).isEqualTo(region);
      }
    }
  }

  @Test
  void quotesAllThatIsMarked() throws IOException {
    Set<String> quoted = new TreeSet<>();
    for (Path page : pages()) {
      matches(QUOTE, page).forEach(quote -> quoted.add(quote.group(1) + " " + quote.group(2)));
    }
    Set<String> marked = new TreeSet<>();
    for (Path file : files(ROOT.resolve("examples/src"), ".java")) {
      for (MatchResult mark : matches(MARK, file)) {
        marked.add(ROOT.relativize(file) + " " + mark.group(1));
      }
    }
    assertThat(marked).isNotEmpty().isEqualTo(quoted);
  }

  @Test
  void linksToFilesAndHeadingsThatExist() throws IOException {
    for (Path page : pages()) {
      for (MatchResult link : matches(LINK, page)) {
        Path to = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
        assertThat(to).as("linked from %s", page).exists();
        if (link.group(2) != null) {
          assertThat(anchors(to)).as("linked from %s", page).contains(link.group(2));
        }
      }
    }
  }

  /** As Git hosts make them of headings. */
  private static List<String> anchors(Path page) throws IOException {
    return matches(HEADING, page).stream()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String name : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      pages.add(ROOT.resolve(name));
    }
    pages.addAll(files(ROOT.resolve("docs"), ".md"));
    return pages;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).toList();
    }
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
