package dev.carillon.hub.eventgrid;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

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

  private static final Duration VALID = Duration.ofDays(820);
  private static final Duration RENEW_BEFORE = Duration.ofDays(14);

  /**
   * Finds or makes the certificate.
   *
   * @param folder where one that the hub makes is kept
   * @param bind the address that the port is bound to, for which it shall be good as well
   * @throws IOException with a text fit for a person, if a file cannot be read or written
   */
  public static PortCertificate of(EventGridSettings settings, Path folder, String bind)
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
    PortCertificate kept =
        new PortCertificate(folder.resolve("certificate.pem"), folder.resolve("key.pem"), false);
    return kept.isGood() ? kept : kept.make(bind);
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

  private PortCertificate make(String bind) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X509Certificate made = sign(pair, names(bind));
      Files.createDirectories(certificate.toAbsolutePath().getParent());
      write(key, new JcaPKCS8Generator(pair.getPrivate(), null));
      write(certificate, made);
      return new PortCertificate(certificate, key, true);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("no certificate can be made: " + e.getMessage(), e);
    }
  }

  private static Set<String> names(String bind) {
    Set<String> names = new LinkedHashSet<>(Set.of("127.0.0.1", "::1"));
    if (bind.matches("[0-9.]+") || bind.contains(":")) {
      names.add(bind);
    }
    return names;
  }

  private static X509Certificate sign(KeyPair pair, Set<String> addresses)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    Instant now = Instant.now();
    X500Name name = new X500Name("CN=localhost, O=Carillon hub");
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(120, new SecureRandom()),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(VALID)),
            name,
            pair.getPublic());
    GeneralName[] all = new GeneralName[addresses.size() + 1];
    all[0] = new GeneralName(GeneralName.dNSName, "localhost");
    int next = 1;
    for (String address : addresses) {
      all[next++] = new GeneralName(GeneralName.iPAddress, address);
    }
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder
        .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all))
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            extensions.createSubjectKeyIdentifier(pair.getPublic()));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  /** Writes a file that only its owner can read, all of it or nothing. */
  private static void write(Path file, Object content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(content);
    }
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(partial, text.toString());
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
