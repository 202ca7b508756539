package dev.carillon.zeromq;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZConfig;
import org.zeromq.ZMQ;

/**
 * A file with CURVE keys in ZeroMQ's certificate format, of 64 KiB at most. It is read once, so
 * that it may be a pipe.
 */
public final class KeyFile {

  private static final long LARGEST = 64 << 10;

  /** Z85, as ZeroMQ's RFC 32 has it. */
  private static final Pattern KEY =
      Pattern.compile("[0-9a-zA-Z.\\-:+=^!/*?&<>()\\[\\]{}@%$#]{" + ZMQ.Curve.KEY_SIZE_Z85 + "}");

  /** What may be in it. */
  public enum Part {
    /** The key that anybody may know. */
    PUBLIC("curve/public-key"),
    /** The key that nobody may know. */
    SECRET("curve/secret-key");

    private final String name;

    Part(String name) {
      this.name = name;
    }
  }

  private final Path file;
  private final ZConfig content;

  private KeyFile(Path file, ZConfig content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, is too large, or no key file
   */
  public static KeyFile read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("no key file can be read at " + file);
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException("not a key file, since it has more than 64 KiB: " + file);
    }
    try {
      return new KeyFile(file, ZConfig.load(file.toString()));
    } catch (RuntimeException e) { // JeroMQ's reader throws what it likes
      throw new IOException("not a key file: " + file, e);
    }
  }

  /**
   * A key as text, in Z85.
   *
   * @throws IOException if it is missing, or no key
   */
  public String text(Part part) throws IOException {
    @Nullable String key = content.getValue(part.name);
    if (key == null) {
      throw new IOException("no " + part.name + " in " + file);
    }
    if (!KEY.matcher(key).matches()) {
      throw new IOException(
          "%s in %s is not %d characters of Z85"
              .formatted(part.name, file, ZMQ.Curve.KEY_SIZE_Z85));
    }
    return key;
  }

  /**
   * A key's bytes.
   *
   * @throws IOException if it is missing, or no key
   */
  public byte[] key(Part part) throws IOException {
    return ZMQ.Curve.z85Decode(text(part));
  }

  /**
   * The bytes of a key that is given as text, in Z85.
   *
   * @param name what to call it in the failure, which never shows the key
   * @throws IllegalArgumentException if it is missing, or no key
   */
  public static byte[] decode(String name, @Nullable String key) {
    if (key == null || !KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "%s is not %d characters of Z85".formatted(name, ZMQ.Curve.KEY_SIZE_Z85));
    }
    return ZMQ.Curve.z85Decode(key);
  }
}
