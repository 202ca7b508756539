package dev.carillon.hub.bus;

import dev.carillon.zeromq.KeyFile;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZAuth;
import org.zeromq.ZMsg;

/**
 * Whom CURVE lets in: those whose public keys are in a folder, which is read for each connection
 * that is made. What is no key file is skipped, and said in the log. In doubt nobody gets in;
 * JeroMQ would let everybody in once the thread has ended that asks this.
 */
final class KnownClients implements ZAuth.Auth {

  private static final Logger log = LoggerFactory.getLogger(KnownClients.class);

  private final Path folder;
  private Set<Path> skipped = Set.of();

  KnownClients(Path folder) {
    this.folder = folder;
  }

  @Override
  public boolean configure(ZMsg nothing, boolean verbose) {
    return true;
  }

  @Override
  public boolean authorize(ZAuth.ZapRequest request, boolean verbose) {
    try {
      return readKeys().contains(request.clientKey);
    } catch (Throwable e) { // errors too: this thread must go on
      log.warn("a client is refused, since the keys in {} cannot be read", folder, e);
      return false;
    }
  }

  /** The keys there are now. */
  Set<String> readKeys() throws IOException {
    Set<String> keys = new HashSet<>();
    Set<Path> strangers = new TreeSet<>();
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String key = attributes.isRegularFile() ? keyOrEmpty(file) : "";
            if (key.isEmpty()) {
              strangers.add(file);
            } else {
              keys.add(key);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) {
            strangers.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    if (!strangers.equals(skipped) && !strangers.isEmpty()) {
      log.warn("no public keys can be read from {}", strangers);
    }
    skipped = strangers;
    return keys;
  }

  private static String keyOrEmpty(Path file) {
    try {
      return KeyFile.read(file).text(KeyFile.Part.PUBLIC);
    } catch (IOException e) {
      return "";
    }
  }
}
