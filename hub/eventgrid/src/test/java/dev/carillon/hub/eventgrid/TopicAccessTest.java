package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bearer tokens of an issuer with its keys at a URL. */
@Timeout(60)
class TopicAccessTest {

  private static final String ISSUER = "https://issuer.example";

  private final ECKey known = key("known");
  private final ECKey unknown = key("unknown");
  private HttpServer issuer;
  private TopicAccess access;

  @BeforeEach
  void start() throws Exception {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] keys = new JWKSet(known).toPublicJWKSet().toString().getBytes(StandardCharsets.UTF_8);
    issuer.createContext(
        "/keys",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
          }
        });
    issuer.start();
    String url = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys";
    EventGridSettings.Bearer bearer = new EventGridSettings.Bearer(ISSUER, url, "us", null);
    EventGridSettings settings =
        new EventGridSettings(null, null, null, null, bearer, null, false, 1);
    access = TopicAccess.of(settings, null, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    issuer.stop(0);
  }

  private static ECKey key(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Refusal publish(ECKey key) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("us")
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                .build());
    token.sign(new ECDSASigner(key));
    return access.check("t", "/t", Credentials.of(null, null, "Bearer " + token.serialize()));
  }

  @Test
  void aKeyThatIsNotTheIssuersIsUnauthorizedHoweverOftenItIsShown() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(publish(unknown)).isNotNull().returns(401, Refusal::status);
      assertThat(publish(known)).isNull();
    }
  }

  @Test
  void withoutTheIssuersKeysNobodyKnowsHoweverOftenItIsAsked() throws Exception {
    issuer.stop(0);
    for (int i = 0; i < 5; i++) {
      assertThat(publish(known)).isNotNull().returns(503, Refusal::status);
    }
  }
}
