package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.eventgrid.EventGridSettings;
import dev.carillon.hub.eventgrid.PortCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A port that goes on while its certificate is renewed. */
@Timeout(60)
class ServedCertificateTest {

  private static final String LOCAL = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void showsWhatIsRenewedOnDiskOnceBothFilesAreThere() throws Exception {
    PortCertificate first = made("own", LOCAL);
    PortCertificate next = made("next", LOCAL);
    EventGridSettings settings = settings(first.certificate(), first.key());
    ServedCertificate served =
        new ServedCertificate(vertx, settings, folder, LOCAL, first(settings));
    int port = serve(served);
    X509Certificate before = shownAt(port);
    assertThat(served.left()).isBetween(Duration.ofDays(800), Duration.ofDays(820));

    replace(next.certificate(), first.certificate());
    for (int i = 0; i < 3; i++) {
      served.look();
      assertThat(shownAt(port)).as("its key is still to come").isEqualTo(before);
    }
    replace(next.key(), first.key());
    served.look();
    served.look();

    await().atMost(PATIENCE).until(() -> !shownAt(port).equals(before));
    assertThat(shownAt(port).getSerialNumber()).isNotEqualTo(before.getSerialNumber());
  }

  @Test
  void goesOnWithWhatItHasWhileTheFilesCannotBeUsed() throws Exception {
    PortCertificate own = made("own", LOCAL);
    EventGridSettings settings = settings(own.certificate(), own.key());
    ServedCertificate served =
        new ServedCertificate(vertx, settings, folder, LOCAL, first(settings));
    int port = serve(served);
    X509Certificate before = shownAt(port);

    Files.writeString(own.certificate(), "spoilt");
    served.look();
    served.look();
    Files.delete(own.certificate());
    served.look();

    assertThat(shownAt(port)).isEqualTo(before);
    assertThat(served.left()).isPositive();
    Files.writeString(own.certificate(), "spoilt");
    assertThatThrownBy(() -> new ServedCertificate(vertx, settings, folder, LOCAL, first(settings)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("certificate.pem is no certificate");
  }

  @Test
  void makesTheHubsOwnAnewWhereAStartWould() throws Exception {
    EventGridSettings settings = settings(null, null);
    PortCertificate made = made("hubs", LOCAL);
    ServedCertificate served =
        new ServedCertificate(vertx, settings, folder.resolve("hubs"), "192.168.7.7", made);
    int port = serve(served);
    X509Certificate before = shownAt(port);

    served.look();
    served.look();

    await().atMost(PATIENCE).until(() -> !shownAt(port).equals(before));
    assertThat(shownAt(port).getSubjectAlternativeNames().toString()).contains("192.168.7.7");
  }

  private PortCertificate made(String name, String bind) throws IOException {
    EventGridSettings settings = settings(null, null);
    Path where = folder.resolve(name);
    return PortCertificate.of(settings, where, PortCertificate.begin(settings, where, bind).join());
  }

  private PortCertificate first(EventGridSettings settings) throws IOException {
    return PortCertificate.of(settings, folder, null);
  }

  private static EventGridSettings settings(@Nullable Path certificate, @Nullable Path key) {
    EventGridSettings.Bearer nobody = new EventGridSettings.Bearer(null, null, "us", null);
    return new EventGridSettings(0, certificate, key, null, nobody, null, false, 1);
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private int serve(ServedCertificate served) {
    HttpServerOptions options =
        new HttpServerOptions().setSsl(true).setKeyCertOptions(served.options());
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.response().end())
            .listen(0, LOCAL)
            .await();
    served.showBy(server);
    return server.actualPort();
  }

  /** What a new connection is shown. */
  private X509Certificate shownAt(int port) {
    HttpClientOptions options =
        new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false);
    HttpClientAgent client = vertx.createHttpClient(options);
    try {
      return client
          .request(HttpMethod.GET, port, LOCAL, "/")
          .compose(request -> request.send().map(certificate(request.connection())))
          .await();
    } finally {
      client.close().await();
    }
  }

  private static X509Certificate certificate(HttpConnection connection) {
    try {
      return (X509Certificate) connection.sslSession().getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException e) {
      throw new AssertionError(e);
    }
  }
}
