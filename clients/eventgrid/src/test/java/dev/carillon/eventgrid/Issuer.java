package dev.carillon.eventgrid;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** An issuer of tokens with its keys at a URL, and a credential that asks it. */
final class Issuer implements TokenCredential, AutoCloseable {

  static final String NAME = "https://issuer.example";

  private final ECKey key;
  private final HttpServer keys;
  private final AtomicInteger issued = new AtomicInteger();
  private volatile Duration life = Duration.ofHours(1);
  private volatile String audience = "https://eventgrid.azure.net";

  Issuer() throws IOException, JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    byte[] set = new JWKSet(key).toPublicJWKSet().toString().getBytes(StandardCharsets.UTF_8);
    keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keys.createContext(
        "/keys",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, set.length);
            exchange.getResponseBody().write(set);
          }
        });
    keys.start();
  }

  String keysUrl() {
    return "http://127.0.0.1:" + keys.getAddress().getPort() + "/keys";
  }

  /** How long tokens are good that are issued from now on. */
  void life(Duration value) {
    life = value;
  }

  void audience(String value) {
    audience = value;
  }

  int issued() {
    return issued.get();
  }

  @Override
  public Mono<AccessToken> getToken(TokenRequestContext request) {
    return Mono.fromCallable(this::token);
  }

  private AccessToken token() throws JOSEException {
    issued.incrementAndGet();
    Instant expiry = Instant.now().plus(life);
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
            new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience(audience)
                .expirationTime(Date.from(expiry))
                .build());
    token.sign(new ECDSASigner(key));
    return new AccessToken(token.serialize(), expiry.atOffset(ZoneOffset.UTC));
  }

  @Override
  public void close() {
    keys.stop(0);
  }
}
