package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortCertificateTest {

  private static final EventGridSettings SETTINGS = EventGridSettings.ofDefaults().withPort(0);

  @TempDir private Path folder;

  private PortCertificate find(EventGridSettings settings) throws IOException {
    return PortCertificate.of(
        settings, folder, PortCertificate.begin(settings, folder, "192.168.7.7").join());
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
  void isTheOperatorsOwnWhereThereIsOne() throws Exception {
    Path missing = folder.resolve("none.pem");
    EventGridSettings own =
        new EventGridSettings(0, missing, missing, null, EventGridSettings.Bearer.none(), false, 1);
    assertThatThrownBy(() -> find(own))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.pem");
    Files.writeString(missing, "x");
    assertThat(find(own).certificate()).isEqualTo(missing);
  }
}
