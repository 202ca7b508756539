package dev.carillon.hub.server;

import dev.carillon.schemas.SchemaException;
import dev.carillon.schemas.SchemaRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas that the hub shares: those that come with Carillon, and those given to it, which it
 * keeps in a folder, a file for each. Thread-safe.
 */
final class SchemaStore {

  static final int MAX_BYTES = 256 << 10;
  static final int MAX_VERSION = 1_000_000;
  static final int MAX_SCHEMAS = 1000;

  private static final Logger log = LoggerFactory.getLogger(SchemaStore.class);
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern FILE = Pattern.compile("(.+)\\.v([1-9][0-9]{0,6})\\.json");

  private final Path folder;
  private final SchemaRegistry registry = SchemaRegistry.ofDefaults();
  private int kept;

  private SchemaStore(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads what the folder holds; a file that is no schema is left out, with a warning.
   *
   * @throws IOException if the folder cannot be had
   */
  static SchemaStore open(Path folder) throws IOException {
    SchemaStore store = new SchemaStore(Files.createDirectories(folder));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
      files.forEach(store::load);
    }
    return store;
  }

  private void load(Path file) {
    Matcher name = FILE.matcher(file.getFileName().toString());
    if (!name.matches()) {
      log.warn("{} is not named as a schema and is left out", file);
      return;
    }
    kept++;
    try {
      registry.register(name.group(1), Integer.parseInt(name.group(2)), file);
    } catch (SchemaException e) {
      log.warn("a schema is left out: {}", e.getMessage());
    }
  }

  SchemaRegistry registry() {
    return registry;
  }

  /**
   * Takes a schema, and returns when it is on disk.
   *
   * @return false if it was there already
   * @throws BadRequestException if it is no schema, or there is no room for it
   * @throws IOException if it cannot be written
   */
  synchronized boolean put(String type, int version, byte[] schema) throws IOException {
    if (!TYPE.matcher(type).matches()) {
      throw new BadRequestException(
          Problem.invalid(
              "type",
              "is not 1 to 128 letters, digits, dots, dashes and underscores,"
                  + " a letter or digit first"));
    }
    String text = text(schema);
    String before = registry.schema(type, version).orElse(null);
    if (text.equals(before)) {
      return false;
    }
    if (before != null) {
      throw new BadRequestException(
          Problem.of(
              409, "version " + version + " of " + type + " is another schema: take the next one"));
    }
    if (kept >= MAX_SCHEMAS) {
      throw new BadRequestException(
          Problem.of(507, "the hub has " + MAX_SCHEMAS + " schemas, which is as many as it keeps"));
    }
    try {
      registry.check(type, version, text);
    } catch (SchemaException e) {
      throw new BadRequestException(Problem.of(400, String.valueOf(e.getMessage())));
    }
    write(folder.resolve(type + ".v" + version + ".json"), schema);
    registry.register(type, version, text);
    kept++;
    return true;
  }

  private static String text(byte[] schema) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(schema)).toString();
    } catch (CharacterCodingException e) {
      throw new BadRequestException(Problem.of(400, "the schema is not UTF-8"));
    }
  }

  /** Writes a file that is there whole or not at all, whatever happens. */
  private void write(Path file, byte[] bytes) throws IOException {
    Path unfinished = folder.resolve("unfinished");
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel names = FileChannel.open(folder)) {
      names.force(true);
    }
  }
}
