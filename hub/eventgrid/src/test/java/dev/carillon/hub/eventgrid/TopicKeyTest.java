package dev.carillon.hub.eventgrid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a key signs with, by what its text is. */
class TopicKeyTest {

  @ParameterizedTest
  @CsvSource({
    // key, whether its text signs, what is left of it in base64, whether that signs
    "dGVzdA==, false, dGVzdA==, true",
    "test-key-1, true, testkey1, true",
    "ä----abcd, true, abcd, false"
  })
  void signs(String key, boolean asText, String left, boolean asLeft) throws Exception {
    TopicKey topic = new TopicKey(key);

    assertThat(topic.signed("text", signature(key.getBytes(UTF_8)))).isEqualTo(asText);
    assertThat(topic.signed("text", signature(Base64.getDecoder().decode(left)))).isEqualTo(asLeft);
    assertThat(topic.signed("another", signature(key.getBytes(UTF_8)))).isFalse();
  }

  private static byte[] signature(byte[] secret) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return mac.doFinal("text".getBytes(UTF_8));
  }
}
