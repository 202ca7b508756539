package dev.carillon.dataservices;

import dev.carillon.http.BaseUrl;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A caller's own HTTP client with the base URL it is for and the headers every request carries: the
 * Java form of a configured session. Whoever made the HTTP client also ends it; an {@link
 * EventClient} only uses it.
 *
 * @param httpClient the HTTP client, with its own connect timeout, proxy, TLS and HTTP version
 * @param baseUrl gives the base URL; asked at each request, so it should answer at once
 * @param headers sent with every request
 */
public record ConfiguredHttpClient(
    HttpClient httpClient, Supplier<String> baseUrl, Map<String, String> headers) {

  /** Checks that nothing is missing. */
  public ConfiguredHttpClient {
    Objects.requireNonNull(httpClient, "httpClient");
    Objects.requireNonNull(baseUrl, "baseUrl");
    headers = Map.copyOf(headers);
  }

  /**
   * An HTTP client for one base URL, without further headers.
   *
   * @throws IllegalArgumentException if the URL is no http or https URL
   */
  public ConfiguredHttpClient(HttpClient httpClient, String baseUrl) {
    this(httpClient, checked(baseUrl), Map.of());
  }

  static Supplier<String> checked(String baseUrl) {
    BaseUrl.of(baseUrl);
    return () -> baseUrl;
  }

  /** Names the headers and leaves their values out, since they may be secret. */
  @Override
  public String toString() {
    return "ConfiguredHttpClient[headers=" + headers.keySet() + "]";
  }
}
