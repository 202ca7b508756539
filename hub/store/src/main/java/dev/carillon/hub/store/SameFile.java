package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file as it was found under its name, so that another which takes the name is told from it. */
final class SameFile {

  private final Path path;
  private final @Nullable Object key; // null where the file system has no such thing

  private SameFile(Path path) throws IOException {
    this.path = path;
    this.key = keyOf(path);
  }

  /** The file that has this name now. */
  static SameFile at(Path path) throws IOException {
    return new SameFile(path);
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Whether it still has its name. */
  boolean isInPlace() {
    try {
      return Objects.equals(key, keyOf(path));
    } catch (IOException e) {
      return false;
    }
  }
}
