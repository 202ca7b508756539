package dev.carillon.dataservices;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes HTTP clients configured for the event service: HTTP/1.1, a connect timeout of 10 s, {@code
 * Content-Type} and {@code Accept: application/json}. Give one to {@link
 * EventClient#of(ConfiguredHttpClient)}, or use it for calls of your own.
 */
public final class HttpClientHelper {

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  static final String JSON = "application/json";

  private HttpClientHelper() {}

  /**
   * An HTTP client for one base URL.
   *
   * @throws IllegalArgumentException if the URL is no http or https URL
   */
  public static ConfiguredHttpClient configureHttpClient(String url) {
    return configure(ConfiguredHttpClient.checked(url));
  }

  /** An HTTP client whose base URL comes from a provider, asked at each request. */
  public static ConfiguredHttpClient configureHttpClientWithProvider(Supplier<String> urlProvider) {
    return configure(urlProvider);
  }

  private static ConfiguredHttpClient configure(Supplier<String> baseUrl) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    return new ConfiguredHttpClient(client, baseUrl, Map.of("Content-Type", JSON, "Accept", JSON));
  }
}
