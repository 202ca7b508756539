package dev.carillon.eventbus;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.zeromq.ZCert;

/**
 * A pair of files with CURVE keys, in ZeroMQ's certificate format, which other ZeroMQ programs read
 * too: {@code NAME.key} may be given to anybody, {@code NAME.key_secret} to nobody.
 *
 * @param publicFile the public key
 * @param secretFile the secret key, and the public one again
 */
public record CurveKeys(Path publicFile, Path secretFile) {

  /**
   * Makes new keys.
   *
   * @param folder where to; made if it is not there
   * @param name of the files
   * @throws IOException if one of the files is there already, or cannot be written
   */
  public static CurveKeys generate(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    CurveKeys keys =
        new CurveKeys(folder.resolve(name + ".key"), folder.resolve(name + ".key_secret"));
    ZCert made = new ZCert();
    StringWriter open = new StringWriter();
    made.savePublic(open);
    StringWriter secret = new StringWriter();
    made.saveSecret(secret);
    if (Files.exists(keys.publicFile)) {
      throw new IOException("there is a file already at " + keys.publicFile);
    }
    writeForOwner(keys.secretFile, secret.toString());
    Files.writeString(keys.publicFile, open.toString(), StandardOpenOption.CREATE_NEW);
    return keys;
  }

  private static void writeForOwner(Path file, String text) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text);
    } else {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    }
  }
}
