package dev.carillon.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.hub.eventgrid.EventGridSettings;
import dev.carillon.hub.eventgrid.PortCertificate;
import dev.carillon.hub.eventgrid.PortCertificate.Made;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the HTTPS port shows. Once a minute it looks into its files, so that one
 * that was renewed on disk is shown without a new start, and makes the hub's own anew before it
 * ends. Thread-safe, but for {@link #look}.
 */
final class ServedCertificate {

  private static final Logger log = LoggerFactory.getLogger(ServedCertificate.class);
  private static final long PAUSE_MILLIS = TimeUnit.MINUTES.toMillis(1);
  private static final Duration SOON = Duration.ofDays(30);

  /** How keys sign by which it is tried whether they are a certificate's. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  /** What its files hold. */
  private record Pem(String certificate, String key) {

    static Pem read(PortCertificate files) throws IOException {
      return new Pem(text(files.certificate()), text(files.key()));
    }

    private static String text(Path file) throws IOException {
      return new String(Files.readAllBytes(file), UTF_8);
    }

    Instant end() throws CertificateException {
      return first().getNotAfter().toInstant();
    }

    private X509Certificate first() throws CertificateException {
      byte[] bytes = certificate.getBytes(UTF_8);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes));
    }

    /** Throws unless the key is the certificate's: a server would show such a pair all the same. */
    void requirePair(Vertx vertx) throws GeneralSecurityException {
      X509KeyManager keys = keys(vertx);
      String algorithm = first().getPublicKey().getAlgorithm();
      String signing = SIGNATURES.get(algorithm);
      String[] aliases = keys.getServerAliases(algorithm, null);
      if (signing == null || aliases == null) {
        return;
      }
      byte[] text = {1, 2, 3};
      Signature signature = Signature.getInstance(signing);
      signature.initSign(keys.getPrivateKey(aliases[0]));
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(first());
      signature.update(text);
      if (!signature.verify(signed)) {
        throw new CertificateException("the key is not that of the certificate");
      }
    }

    private X509KeyManager keys(Vertx vertx) throws CertificateException {
      try {
        return (X509KeyManager) options().getKeyManagerFactory(vertx).getKeyManagers()[0];
      } catch (Exception e) {
        throw new CertificateException("the key cannot be read: " + e.getMessage(), e);
      }
    }

    PemKeyCertOptions options() {
      return new PemKeyCertOptions()
          .setCertValue(Buffer.buffer(certificate))
          .setKeyValue(Buffer.buffer(key));
    }
  }

  private final Vertx vertx;
  private final EventGridSettings settings;
  private final Path folder;
  private final String bind;
  private final Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();
  private volatile PortCertificate files;
  private volatile Pem shown;
  private volatile Instant end;

  // Used by one look after the other.
  private Pem seen;
  private boolean warned;

  /**
   * Creates it of files that are there.
   *
   * @param folder where one that the hub makes is kept
   * @param bind the address that it is good for as well
   * @throws IOException with a text fit for a person, if they cannot be read
   */
  ServedCertificate(
      Vertx vertx, EventGridSettings settings, Path folder, String bind, PortCertificate files)
      throws IOException {
    this.vertx = vertx;
    this.settings = settings;
    this.folder = folder;
    this.bind = bind;
    this.files = files;
    try {
      this.shown = Pem.read(files);
      this.end = shown.end();
    } catch (CertificateException e) {
      throw new IOException(files.certificate() + " is no certificate: " + e.getMessage(), e);
    }
    this.seen = shown;
  }

  /** What a server is to show at first. */
  PemKeyCertOptions options() {
    return shown.options();
  }

  /** Has a server show what comes after that. */
  void showBy(HttpServer server) {
    servers.add(server);
  }

  /** How long it is good for yet. */
  Duration left() {
    return Duration.between(Instant.now(), end);
  }

  /** Begins to look. */
  void start() {
    if (files.fresh()) {
      sayHowToTrust();
    }
    warnOfItsEnd();
    lookLater();
  }

  private void lookLater() {
    vertx.setTimer(
        PAUSE_MILLIS,
        id ->
            vertx
                .executeBlocking(
                    () -> {
                      look();
                      return null;
                    })
                .onComplete(done -> lookLater()));
  }

  /**
   * Looks into the files; blocks. What has changed is shown with the next look that finds the same,
   * since only half of it may have been written yet, and never a certificate without its key.
   */
  void look() {
    try {
      renew();
      Pem found = Pem.read(files);
      boolean whole = found.equals(seen);
      seen = found;
      if (whole && !found.equals(shown)) {
        found.requirePair(vertx);
        show(found, found.end());
      }
    } catch (IOException | GeneralSecurityException | CompletionException e) {
      log.warn("the certificate of the Event Grid port cannot be renewed: {}", e.getMessage());
    }
    warnOfItsEnd();
  }

  /** Makes the hub's own anew, if a start would. */
  private void renew() throws IOException {
    if (Files.isReadable(files.certificate())) { // else its folder may be gone for a while
      Made made = PortCertificate.begin(settings, folder, bind).join();
      files = PortCertificate.of(settings, folder, made);
      if (files.fresh()) {
        sayHowToTrust();
      }
    }
  }

  private void show(Pem found, Instant until) {
    ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(found.options());
    Future.all(servers.stream().map(server -> server.updateSSLOptions(options)).toList())
        .onSuccess(
            done -> {
              shown = found;
              end = until;
              log.info("the Event Grid port shows a new certificate, good until {}", until);
            })
        .onFailure(
            e -> log.warn("the Event Grid port cannot show its new certificate: {}", e.toString()));
  }

  private void warnOfItsEnd() {
    boolean soon = left().compareTo(SOON) < 0;
    if (soon && !warned) {
      log.warn("the certificate of the Event Grid port is good until {} only", end);
    }
    warned = soon;
  }

  /** Tells the operator how clients come to trust a certificate that was made just now. */
  private void sayHowToTrust() {
    String file = files.certificate().toAbsolutePath().normalize().toString();
    log.info(
        "made a certificate for the Event Grid port: {}\n"
            + "  to trust it in Java: keytool -importcert -noprompt -alias carillon -file {}"
            + " -keystore trust.p12 -storepass changeit,"
            + " then java -Djavax.net.ssl.trustStore=trust.p12"
            + " -Djavax.net.ssl.trustStorePassword=changeit\n"
            + "  in Python: REQUESTS_CA_BUNDLE={}; with curl: --cacert {}",
        file,
        file,
        file,
        file);
  }
}
