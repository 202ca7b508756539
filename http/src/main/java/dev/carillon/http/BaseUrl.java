package dev.carillon.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the service is: an http or https URL, with or without a path and a trailing slash. What
 * stands before an {@code @} in it goes into an Authorization header (Basic, RFC 7617), as other
 * HTTP clients do, and is never printed. Immutable.
 */
public final class BaseUrl {

  private final String url;
  private final String masked;
  private final @Nullable String authorization;

  private BaseUrl(String url, String masked, @Nullable String authorization) {
    this.url = url;
    this.masked = masked;
    this.authorization = authorization;
  }

  /**
   * Reads a base URL.
   *
   * @throws IllegalArgumentException if it is none; the message masks credentials
   */
  public static BaseUrl of(@Nullable String text) {
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException("the base URL is blank");
    }
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      // its message and its cause would print the text as it is
      throw new IllegalArgumentException("not a URL: " + mask(text) + " (" + e.getReason() + ")");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new IllegalArgumentException("not an http or https URL with a host: " + mask(text));
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("a base URL has no query or fragment: " + mask(text));
    }
    String path = uri.getRawPath().replaceAll("/+$", "");
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String address = uri.getHost() + port + path;
    String credentials = uri.getUserInfo();
    return credentials == null
        ? new BaseUrl(scheme + "://" + address, scheme + "://" + address, null)
        : new BaseUrl(scheme + "://" + address, scheme + "://***@" + address, basic(credentials));
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private static String mask(String text) {
    return text.replaceAll("(?s)^([A-Za-z]+://)?.*@", "$1***@");
  }

  /** The URI of a path below this URL; the path begins with a slash. */
  public URI resolve(String path) {
    return URI.create(url + path);
  }

  /** The Authorization header's value; null if the URL has no credentials. */
  public @Nullable String authorization() {
    return authorization;
  }

  /** The URL without its credentials. */
  @Override
  public String toString() {
    return masked;
  }
}
