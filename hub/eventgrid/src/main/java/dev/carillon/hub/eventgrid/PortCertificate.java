package dev.carillon.hub.eventgrid;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of the HTTPS port: the operator's own, or one that the hub makes at its first
 * start, and again when it is reached by other names. That one signs itself and nothing else, so
 * whoever trusts it trusts only this hub.
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
   * @param bind the address that the port is bound to, for which it shall be good as well, like the
   *     host of the settings' public URL
   */
  public static CompletableFuture<@Nullable Made> begin(
      EventGridSettings settings, Path folder, String bind) {
    Set<String> hosts = hosts(settings.publicUrl(), bind);
    if (settings.port() == null || settings.certificate() != null || keptIn(folder).isGood(hosts)) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<@Nullable Made> made = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                made.complete(SelfSigned.make(hosts));
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

  private static Set<String> hosts(@Nullable URI publicUrl, String bind) {
    Set<String> hosts = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", canonical("::1")));
    hosts.add(canonical(bind));
    if (publicUrl != null) {
      hosts.add(canonical(publicUrl.getHost()));
    }
    return hosts;
  }

  /** A host in the one way in which a certificate's names are compared. */
  private static String canonical(String host) {
    InetAddress literal = TargetAddress.literal(host);
    return literal == null ? host.toLowerCase(Locale.ROOT) : literal.getHostAddress();
  }

  private boolean isGood(Set<String> hosts) {
    if (!Files.isReadable(certificate) || !Files.isReadable(key)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(certificate)) {
      X509Certificate found =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      Collection<List<?>> names = found.getSubjectAlternativeNames();
      return found.getNotAfter().toInstant().minus(RENEW_BEFORE).isAfter(Instant.now())
          && names != null
          && names.stream()
              .map(name -> canonical(String.valueOf(name.get(1))))
              .collect(Collectors.toSet())
              .containsAll(hosts);
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
