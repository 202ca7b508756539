package dev.carillon.dataservices;

import dev.carillon.core.Ranges;
import dev.carillon.http.RequestHeaders;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects an {@link EventClient}'s options. Not thread-safe. */
public final class EventClientBuilder {

  private static final int MIB = 1 << 20;
  private static final String API_KEY = "X-Api-Key";

  private @Nullable String url;
  private @Nullable Supplier<String> urlProvider;
  private @Nullable ConfiguredHttpClient httpClient;
  private final Map<String, Supplier<String>> headers =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private @Nullable Supplier<@Nullable String> traceparent;
  private FieldNaming naming = FieldNaming.SNAKE_CASE;
  private Duration requestTimeout = Duration.ofSeconds(30);
  private Duration connectTimeout = HttpClientHelper.CONNECT_TIMEOUT;
  private Duration pendingTimeout = Duration.ofMinutes(2);
  private Duration closeTimeout = Duration.ofSeconds(10);
  private int maxInFlight = 64;
  private int maxPending = 10_000;
  private long maxPendingBytes = 64L * MIB;
  private int maxEventBytes = MIB;
  private int maxBatchEvents = 10_000;
  private int maxBatchBytes = 16 * MIB;
  private int compressFrom = 8 << 10;
  private Clock clock = Clock.systemUTC();

  EventClientBuilder() {}

  /** The base URL, with or without a path and a trailing slash. */
  public EventClientBuilder url(String url) {
    this.url = url;
    return this;
  }

  /** Gives the base URL; asked at each request, so it should answer at once. */
  public EventClientBuilder urlProvider(Supplier<String> urlProvider) {
    this.urlProvider = urlProvider;
    return this;
  }

  /** A caller's own HTTP client; its connect timeout counts, and closing it is left to it. */
  public EventClientBuilder httpClient(ConfiguredHttpClient httpClient) {
    this.httpClient = httpClient;
    return this;
  }

  /** A caller's own HTTP client and the base URL it is for. */
  public EventClientBuilder httpClient(HttpClient client, String baseUrl) {
    return httpClient(new ConfiguredHttpClient(client, baseUrl));
  }

  /**
   * Sent as {@code X-Api-Key} with every request; null for none, which is the default.
   *
   * @throws IllegalArgumentException if it has characters that are not printable ASCII
   */
  public EventClientBuilder apiKey(@Nullable String apiKey) {
    if (apiKey == null) {
      headers.remove(API_KEY);
      return this;
    }
    Ranges.printable("the API key", apiKey);
    return header(API_KEY, apiKey);
  }

  /**
   * A header to send with every request. Names are the same in any case; the latest value counts,
   * and before the one of a {@link ConfiguredHttpClient}.
   *
   * @throws IllegalArgumentException without the value, if no header can be called or hold that
   */
  public EventClientBuilder header(String name, String value) {
    return header(name, RequestHeaders.fixed(name, value));
  }

  /**
   * The same with values that change, such as tokens that expire: asked at each request, so it must
   * answer at once. If it throws, or answers what no header can carry, nothing is sent.
   */
  public EventClientBuilder header(String name, Supplier<String> value) {
    headers.put(name, value);
    return this;
  }

  /**
   * Gives the W3C trace context to send with each publish as {@code traceparent}, such as the
   * current OpenTelemetry context. Asked on the publishing thread, once for a whole batch; null or
   * a text in another format sends none. A CloudEvent's own {@code traceparent} extension comes
   * first.
   */
  public EventClientBuilder traceparent(Supplier<@Nullable String> traceparent) {
    this.traceparent = traceparent;
    return this;
  }

  /** How field names are written; {@link FieldNaming#SNAKE_CASE} by default. */
  public EventClientBuilder naming(FieldNaming naming) {
    this.naming = naming;
    return this;
  }

  /**
   * How long a request may take from going out to its answer's last byte, 30 s by default. Looked
   * after every twentieth of it, at least once a second.
   */
  public EventClientBuilder requestTimeout(Duration requestTimeout) {
    this.requestTimeout = requestTimeout;
    return this;
  }

  /** For making a connection, 10 s by default and never above the request timeout. */
  public EventClientBuilder connectTimeout(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
    return this;
  }

  /** How long a request waits at most for its turn to go out, 2 min by default. */
  public EventClientBuilder pendingTimeout(Duration pendingTimeout) {
    this.pendingTimeout = pendingTimeout;
    return this;
  }

  /** How long closing waits for what was accepted, 10 s by default; zero for not at all. */
  public EventClientBuilder closeTimeout(Duration closeTimeout) {
    this.closeTimeout = closeTimeout;
    return this;
  }

  /**
   * How many requests are on the wire at most, 64 by default; with 1, events that are published one
   * by one keep their order.
   */
  public EventClientBuilder maxInFlight(int maxInFlight) {
    this.maxInFlight = maxInFlight;
    return this;
  }

  /** How much waits behind the wire at most; 10,000 requests and 64 MiB by default. */
  public EventClientBuilder maxPending(int requests, long bytes) {
    this.maxPending = requests;
    this.maxPendingBytes = bytes;
    return this;
  }

  /** How large an event may be on the wire, 1 MiB by default (the hub's limit). */
  public EventClientBuilder maxEventBytes(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
    return this;
  }

  /** What goes into one batch request at most; 10,000 events and 16 MiB by default. */
  public EventClientBuilder maxBatch(int events, int bytes) {
    this.maxBatchEvents = events;
    this.maxBatchBytes = bytes;
    return this;
  }

  /**
   * Compresses request bodies of this many bytes and more with gzip, 8192 by default. A server that
   * refuses one (415, or 400 without a list of an event's bad fields) gets the request once more
   * uncompressed, and if it takes that, compression is off for the client's life, which is logged
   * once.
   */
  public EventClientBuilder compressFrom(int bytes) {
    this.compressFrom = bytes;
    return this;
  }

  /** Never compresses request bodies. */
  public EventClientBuilder withoutCompression() {
    return compressFrom(ClientSettings.NEVER_COMPRESS);
  }

  /** Tells the time for created dates and receipts; the system's UTC clock by default. */
  public EventClientBuilder clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Makes the client. It connects with its first request.
   *
   * @throws IllegalArgumentException if not exactly one of url, urlProvider and httpClient was
   *     given, or an option is out of its range
   */
  public EventClient build() {
    return new EventClient(settings());
  }

  ClientSettings settings() {
    Map<String, Supplier<String>> allHeaders = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (httpClient != null) {
      httpClient
          .headers()
          .forEach((name, value) -> allHeaders.put(name, RequestHeaders.fixed(name, value)));
    }
    allHeaders.putAll(headers);
    return new ClientSettings(
        baseUrl(),
        httpClient == null ? null : httpClient.httpClient(),
        allHeaders,
        traceparent,
        naming,
        requestTimeout,
        connectTimeout,
        pendingTimeout,
        closeTimeout,
        maxInFlight,
        maxPending,
        maxPendingBytes,
        maxEventBytes,
        maxBatchEvents,
        maxBatchBytes,
        compressFrom,
        clock);
  }

  private Supplier<String> baseUrl() {
    int given =
        (url == null ? 0 : 1) + (urlProvider == null ? 0 : 1) + (httpClient == null ? 0 : 1);
    if (given != 1) {
      throw new IllegalArgumentException(
          "an event client needs exactly one of url, urlProvider and httpClient, not " + given);
    }
    if (httpClient != null) {
      return httpClient.baseUrl();
    }
    return url != null ? ConfiguredHttpClient.checked(url) : Objects.requireNonNull(urlProvider);
  }
}
