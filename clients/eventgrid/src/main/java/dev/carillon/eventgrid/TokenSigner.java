package dev.carillon.eventgrid;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs shared access signatures, {@code r=<resource>&e=<expiry>&s=<signature>}. The SDK can do so
 * too, but writes the expiry in the language of the JVM, which no topic reads. Thread-safe.
 */
final class TokenSigner {

  private static final String HMAC = "HmacSHA256";
  private static final String API_VERSION = "2018-01-01";
  private static final DateTimeFormatter EXPIRY =
      DateTimeFormatter.ofPattern("M/d/yyyy h:m:s a", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final SecretKeySpec key;

  TokenSigner(String key) {
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(key);
    } catch (IllegalArgumentException e) {
      secret = key.getBytes(StandardCharsets.UTF_8);
    }
    this.key = new SecretKeySpec(secret, HMAC);
  }

  String sign(String endpoint, Instant expiry) {
    String resource = endpoint + (endpoint.contains("?") ? "&" : "?") + "api-version=";
    String text = "r=" + encoded(resource + API_VERSION) + "&e=" + encoded(EXPIRY.format(expiry));
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return text + "&s=" + encoded(Base64.getEncoder().encodeToString(signature));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
