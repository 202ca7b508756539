package dev.carillon.hub.eventgrid;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key of a topic: shown as it is, or used to sign tokens. Compares in constant time. */
final class TopicKey {

  private static final String HMAC = "HmacSHA256";

  private final byte[] text;
  private final List<SecretKeySpec> signing = new ArrayList<>();

  /**
   * Takes a key. It signs with what its text stands for in base64, as Azure's keys do. A text that
   * is no base64 signs as it is, or with what is left of it without the characters that base64 does
   * not have, which is how Azure's SDK for Python reads it; but not if that is less than half.
   */
  TopicKey(String key) {
    text = key.getBytes(StandardCharsets.UTF_8);
    byte[] exact = decoded(Base64.getDecoder(), key);
    byte[] lenient = decoded(Base64.getMimeDecoder(), key);
    if (exact.length > 0) {
      signWith(exact);
    } else {
      signWith(text);
      if (2 * lenient.length >= text.length) {
        signWith(lenient);
      }
    }
  }

  private static byte[] decoded(Base64.Decoder base64, String key) {
    try {
      return base64.decode(key);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private void signWith(byte[] secret) {
    signing.add(new SecretKeySpec(secret, HMAC));
  }

  boolean is(String shown) {
    return MessageDigest.isEqual(text, shown.getBytes(StandardCharsets.UTF_8));
  }

  boolean signed(String signedText, byte[] signature) {
    return signing.stream().anyMatch(secret -> signed(secret, signedText, signature));
  }

  private static boolean signed(SecretKeySpec secret, String signedText, byte[] signature) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret);
      return MessageDigest.isEqual(
          mac.doFinal(signedText.getBytes(StandardCharsets.UTF_8)), signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
