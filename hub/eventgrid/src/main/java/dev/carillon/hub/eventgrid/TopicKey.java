package dev.carillon.hub.eventgrid;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key of a topic: shown as it is, or used to sign tokens. Compares in constant time. */
final class TopicKey {

  private static final String HMAC = "HmacSHA256";

  private final byte[] text;
  private final SecretKeySpec signing;

  /**
   * Takes a key. It signs with what its text stands for in base64, as Azure's keys do; a text that
   * is no base64 signs as it is.
   */
  TopicKey(String key) {
    text = key.getBytes(StandardCharsets.UTF_8);
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(key);
    } catch (IllegalArgumentException e) {
      secret = text;
    }
    signing = new SecretKeySpec(secret.length == 0 ? text : secret, HMAC);
  }

  boolean is(String shown) {
    return MessageDigest.isEqual(text, shown.getBytes(StandardCharsets.UTF_8));
  }

  boolean signed(String signedText, byte[] signature) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(signing);
      return MessageDigest.isEqual(
          mac.doFinal(signedText.getBytes(StandardCharsets.UTF_8)), signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
