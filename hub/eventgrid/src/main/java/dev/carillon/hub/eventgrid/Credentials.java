package dev.carillon.hub.eventgrid;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher shows, of which it must be exactly one.
 *
 * @param key the header {@code aeg-sas-key}
 * @param token the header {@code aeg-sas-token}, or an {@code Authorization} of the scheme {@code
 *     SharedAccessSignature}
 * @param bearer the token of an {@code Authorization} of the scheme {@code Bearer}
 * @param other whether there is an {@code Authorization} of another scheme
 */
public record Credentials(
    @Nullable String key, @Nullable String token, @Nullable String bearer, boolean other) {

  private static final String BEARER = "bearer ";
  private static final String SIGNATURE = "sharedaccesssignature ";

  /** Reads the headers of a request; null where a request has none. */
  public static Credentials of(
      @Nullable String key, @Nullable String token, @Nullable String authorization) {
    if (authorization == null) {
      return new Credentials(key, token, null, false);
    }
    String scheme = authorization.toLowerCase(Locale.ROOT);
    if (scheme.startsWith(BEARER)) {
      return new Credentials(key, token, authorization.substring(BEARER.length()).strip(), false);
    }
    if (scheme.startsWith(SIGNATURE) && token == null) {
      String signature = authorization.substring(SIGNATURE.length()).strip();
      return new Credentials(key, signature, null, false);
    }
    return new Credentials(key, token, null, true);
  }

  int count() {
    return (key == null ? 0 : 1)
        + (token == null ? 0 : 1)
        + (bearer == null ? 0 : 1)
        + (other ? 1 : 0);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "Credentials[" + count() + "]";
  }
}
