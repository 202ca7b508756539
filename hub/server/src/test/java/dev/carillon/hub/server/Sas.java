package dev.carillon.hub.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens as clients do. */
final class Sas {

  private Sas() {}

  static String sign(String resource, String expiry, String key) throws Exception {
    return sign(resource, expiry, key, UnaryOperator.identity());
  }

  /** Signs a token whose encoded text is written in one's own way. */
  static String sign(String resource, String expiry, String key, UnaryOperator<String> spelling)
      throws Exception {
    String text =
        spelling.apply(
            "r=" + encoded(resource + "?api-version=2018-01-01") + "&e=" + encoded(expiry));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
    byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    return text + "&s=" + encoded(Base64.getEncoder().encodeToString(signature));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
