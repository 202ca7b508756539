package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortCertificateTest {

  private static final EventGridSettings SETTINGS = settings(null, null);

  @TempDir private Path folder;

  private static EventGridSettings settings(@Nullable Path pem, @Nullable URI publicUrl) {
    EventGridSettings.Bearer nobody = new EventGridSettings.Bearer(null, null, "us", null);
    return new EventGridSettings(0, pem, pem, null, nobody, publicUrl, false, 1);
  }

  private PortCertificate find(EventGridSettings settings) throws IOException {
    return find(settings, "192.168.7.7");
  }

  private PortCertificate find(EventGridSettings settings, String bind) throws IOException {
    return PortCertificate.of(
        settings, folder, PortCertificate.begin(settings, folder, bind).join());
  }

  @Test
  void isMadeOnceAndKeptForItsOwnerOnly() throws Exception {
    PortCertificate made = find(SETTINGS);
    assertThat(made.fresh()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.key())))
        .isEqualTo("rw-------");
    try (InputStream in = Files.newInputStream(made.certificate())) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      certificate.checkValidity();
      assertThat(certificate.getBasicConstraints()).as("signs nothing but itself").isEqualTo(-1);
      assertThat(certificate.getSubjectAlternativeNames().toString())
          .contains("localhost", "127.0.0.1", "192.168.7.7");
    }
    String before = Files.readString(made.certificate());
    assertThat(find(SETTINGS).fresh()).isFalse();
    assertThat(made.certificate()).hasContent(before);
    Files.writeString(made.certificate(), "spoilt");
    assertThat(find(SETTINGS).fresh()).isTrue();
  }

  @Test
  void isMadeAgainForNamesThatItDoesNotHave() throws Exception {
    for (String bind : List.of("127.0.0.1", "10.0.0.5", "fd00::5", "hub.local")) {
      PortCertificate made = find(SETTINGS, bind);
      assertThat(made.fresh()).as(bind).isEqualTo(true);
      assertThat(find(SETTINGS, bind).fresh()).as(bind).isFalse();
    }
    EventGridSettings reached = settings(null, URI.create("https://Hub.example:8443"));
    assertThat(find(reached, "127.0.0.1").fresh()).isTrue();
    assertThat(find(reached, "::1").fresh()).isFalse();
    assertThat(find(SETTINGS, "127.0.0.1").fresh()).as("has all that it needs").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hub.example", "ftp://hub", "https://u:p@hub", "https://hub/a", "https://hub?a"})
  void isNotMadeForWhatIsNoPublicUrl(String url) {
    assertThatThrownBy(() -> settings(null, URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("public URL");
  }

  @Test
  void isTheOperatorsOwnWhereThereIsOne() throws Exception {
    Path missing = folder.resolve("none.pem");
    EventGridSettings own = settings(missing, null);
    assertThatThrownBy(() -> find(own))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.pem");
    Files.writeString(missing, "x");
    assertThat(find(own).certificate()).isEqualTo(missing);
  }
}
