package dev.carillon.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's classes and folders. */
final class Sources {

  static final String ROOT = "dev.carillon";
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  private Sources() {}

  /** The classes of all other modules, without their tests. */
  static JavaClasses main() {
    return compiled("target/classes");
  }

  /** The test classes of all other modules that have been compiled. */
  static JavaClasses tests() {
    return compiled("target/test-classes");
  }

  private static JavaClasses compiled(String where) {
    return new ClassFileImporter()
        .importPaths(
            folders().stream()
                .filter(folder -> !folder.equals("architecture"))
                .map(folder -> PROJECT.resolve(folder).resolve(where))
                .filter(Files::isDirectory)
                .toList());
  }

  /** The classes of a package of this module that break a rule on purpose. */
  static JavaClasses wrong(String packageName) {
    return new ClassFileImporter().importPackages(packageName);
  }

  /** The folders of all modules, as the root pom lists them. */
  static List<String> folders() {
    try {
      return Pattern.compile("<module>([^<]+)</module>")
          .matcher(Files.readString(PROJECT.resolve("pom.xml")))
          .results()
          .map(found -> found.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a module has published sources at all. */
  static boolean hasSources(String folder) {
    Path sources = PROJECT.resolve(folder).resolve("src/main/java");
    if (!Files.isDirectory(sources)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(sources)) {
      return files.anyMatch(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
