package dev.carillon.hub.eventgrid;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the hub plays Event Grid.
 *
 * @param port the HTTPS port; 0 picks a free one, null opens none (topics are on the main port in
 *     any case)
 * @param certificate a PEM file with a certificate of one's own; null for one that the hub makes
 * @param key a PEM file (PKCS #8) with that certificate's key; null as above
 * @param file a JSON file that lists topics and subscriptions; null for topics that come into being
 *     on first use
 * @param bearer whose tokens are taken
 * @param publicUrl where webhooks and publishers reach the hub, an http or https URL without a
 *     path; null for the address that it listens on
 * @param privateTargets whether webhooks may be private or link-local addresses, this machine
 *     included, and plain HTTP
 * @param timeScale what waits between delivery attempts are divided by; 1 but in tests
 */
public record EventGridSettings(
    @Nullable Integer port,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path file,
    Bearer bearer,
    @Nullable URI publicUrl,
    boolean privateTargets,
    double timeScale) {

  /** Checks what can be checked without looking at files. */
  public EventGridSettings {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
    }
    if (publicUrl != null && !isOrigin(publicUrl)) {
      throw new IllegalArgumentException(
          "the public URL is not of the form https://host:port: " + publicUrl);
    }
    if (!(timeScale >= 1)) {
      throw new IllegalArgumentException("the time scale is below 1: " + timeScale);
    }
  }

  private static boolean isOrigin(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && url.getHost() != null
        && url.getUserInfo() == null
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"));
  }

  /**
   * Which bearer tokens may publish. Given neither, none may.
   *
   * @param issuer who must have issued a token (its {@code iss}); null for no issuer
   * @param keys where that issuer's keys are, a JWK set: an http or https URL, or a file
   * @param audience whom a token must be for
   * @param fixedToken a token for development that is compared as it is; null for none
   */
  public record Bearer(
      @Nullable String issuer,
      @Nullable String keys,
      String audience,
      @Nullable String fixedToken) {

    /** The audience that Azure's SDKs ask tokens for. */
    public static final String AZURE_AUDIENCE = "https://eventgrid.azure.net";

    /** Checks that an issuer has keys. */
    public Bearer {
      if ((issuer == null) != (keys == null)) {
        throw new IllegalArgumentException("a token issuer needs its keys, and keys their issuer");
      }
    }

    /** Without the fixed token. */
    @Override
    public String toString() {
      return "Bearer[issuer=" + issuer + ", keys=" + keys + ", audience=" + audience + "]";
    }
  }
}
