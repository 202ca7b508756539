package dev.carillon.hub.eventgrid;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.carillon.core.SparingLog;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Checks bearer tokens against an issuer's keys (RFC 7519 and 7517), or a fixed one. */
final class BearerTokens {

  private static final SparingLog log = new SparingLog(LoggerFactory.getLogger(BearerTokens.class));
  private static final int TIMEOUT_MILLIS = 3000;
  private static final int MAX_KEYS_BYTES = 1 << 20;
  private static final JWKSelector ANY = new JWKSelector(new JWKMatcher.Builder().build());

  private final byte @Nullable [] fixed;
  private final @Nullable DefaultJWTProcessor<SecurityContext> processor;

  private BearerTokens(
      byte @Nullable [] fixed, @Nullable DefaultJWTProcessor<SecurityContext> processor) {
    this.fixed = fixed;
    this.processor = processor;
  }

  /**
   * Takes the settings; keys at a URL are fetched when the first token comes, and again when one is
   * signed by a key that is not known, but no more than twice in half a minute.
   *
   * @throws IOException if a file of keys cannot be read
   */
  static BearerTokens of(EventGridSettings.Bearer bearer) throws IOException {
    String fixed = bearer.fixedToken();
    byte[] fixedBytes = fixed == null ? null : fixed.getBytes(StandardCharsets.UTF_8);
    String keys = bearer.keys();
    if (keys == null) {
      return new BearerTokens(fixedBytes, null);
    }
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    Set<JWSAlgorithm> algorithms = new HashSet<>(JWSAlgorithm.Family.SIGNATURE); // no shared keys
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, source(keys)));
    // Azure's tokens name their audience with and without a slash at the end
    Set<String> audiences = Set.of(bearer.audience(), bearer.audience() + "/");
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audiences,
            new JWTClaimsSet.Builder().issuer(bearer.issuer()).build(),
            Set.of("exp"),
            Set.of()));
    return new BearerTokens(fixedBytes, processor);
  }

  private static JWKSource<SecurityContext> source(String keys) throws IOException {
    if (keys.startsWith("http://") || keys.startsWith("https://")) {
      DefaultResourceRetriever retriever =
          new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_KEYS_BYTES);
      return patient(
          JWKSourceBuilder.<SecurityContext>create(URI.create(keys).toURL(), retriever)
              .retrying(true)
              .build());
    }
    try {
      return new ImmutableJWKSet<>(JWKSet.load(Path.of(keys).toFile()));
    } catch (ParseException e) {
      throw new IOException(keys + " is not a JWK set: " + e.getMessage(), e);
    }
  }

  /** With keys at hand, one that is not among them is none until the issuer may be asked again. */
  private static JWKSource<SecurityContext> patient(JWKSource<SecurityContext> keys) {
    return (wanted, context) -> {
      try {
        return keys.get(wanted, context);
      } catch (RateLimitReachedException e) {
        keys.get(ANY, context); // fails too if there are none at hand
        return List.of();
      }
    };
  }

  private boolean isFixed(String token) {
    return fixed != null && MessageDigest.isEqual(fixed, token.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether to check a token takes the issuer's keys, which may have to be waited for. */
  boolean mayWait(String token) {
    return processor != null && !isFixed(token);
  }

  /** What is wrong with a token; null if nothing is. May wait for the issuer's keys. */
  @Nullable Refusal check(String token) {
    if (isFixed(token)) {
      return null;
    }
    if (processor == null) {
      return Refusal.unauthorized(
          fixed == null
              ? "no bearer tokens are taken here"
              : "the bearer token is not the one taken");
    }
    try {
      processor.process(token, null);
      return null;
    } catch (KeySourceException e) {
      log.warn("the token issuer's keys cannot be had: " + e.getMessage());
      return new Refusal(503, "the token issuer's keys cannot be had at the moment");
    } catch (ParseException | JOSEException | BadJOSEException e) {
      return Refusal.unauthorized("the bearer token is not valid: " + e.getMessage());
    }
  }
}
