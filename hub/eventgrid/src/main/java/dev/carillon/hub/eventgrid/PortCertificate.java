package dev.carillon.hub.eventgrid;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of the HTTPS port: the operator's own, or one that the hub makes at its first
 * start and keeps, for names of this machine. That one signs itself and nothing else, so whoever
 * trusts it trusts only this hub.
 *
 * @param certificate a PEM file
 * @param key a PEM file, PKCS #8
 * @param fresh whether it was made just now
 */
public record PortCertificate(Path certificate, Path key, boolean fresh) {

  private static final Duration RENEW_BEFORE = Duration.ofDays(14);

  /** A certificate that was made and not written yet. */
  public static final class Made {
    private final String certificate;
    private final String key;

    Made(String certificate, String key) {
      this.certificate = certificate;
      this.key = key;
    }
  }

  /**
   * Begins to make a certificate if one will be needed, on a thread of its own: it takes as long as
   * the rest of a start, so that shall go on meanwhile. Writes nothing.
   *
   * @param folder where one that the hub makes is kept
   * @param bind the address that the port is bound to, for which it shall be good as well
   */
  public static CompletableFuture<@Nullable Made> begin(
      EventGridSettings settings, Path folder, String bind) {
    if (settings.port() == null || settings.certificate() != null || keptIn(folder).isGood()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<@Nullable Made> made = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                made.complete(SelfSigned.make(bind));
              } catch (Throwable e) {
                made.completeExceptionally(e);
              }
            },
            "carillon-certificate");
    thread.setDaemon(true);
    thread.start();
    return made;
  }

  /**
   * The operator's own certificate, or the one that is kept, or the one just made, which is
   * written.
   *
   * @throws IOException with a text fit for a person, if a file cannot be read or written
   */
  public static PortCertificate of(EventGridSettings settings, Path folder, @Nullable Made made)
      throws IOException {
    Path own = settings.certificate();
    Path ownKey = settings.key();
    if (own != null && ownKey != null) {
      for (Path file : new Path[] {own, ownKey}) {
        if (!Files.isReadable(file)) {
          throw new IOException("cannot read " + file);
        }
      }
      return new PortCertificate(own, ownKey, false);
    }
    PortCertificate kept = keptIn(folder);
    if (made == null) {
      return kept;
    }
    Files.createDirectories(folder);
    write(kept.key, made.key);
    write(kept.certificate, made.certificate);
    return new PortCertificate(kept.certificate, kept.key, true);
  }

  private static PortCertificate keptIn(Path folder) {
    return new PortCertificate(folder.resolve("certificate.pem"), folder.resolve("key.pem"), false);
  }

  private boolean isGood() {
    if (!Files.isReadable(certificate) || !Files.isReadable(key)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(certificate)) {
      X509Certificate found =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return found.getNotAfter().toInstant().minus(RENEW_BEFORE).isAfter(Instant.now());
    } catch (IOException | GeneralSecurityException e) {
      return false; // whatever it is, a new one takes its place
    }
  }

  /** Writes a file that only its owner can read, all of it or nothing. */
  private static void write(Path file, String content) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(partial, content);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
