package dev.carillon.analytics;

import dev.carillon.http.BaseUrl;
import dev.carillon.http.RequestHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Collects an {@link AnalyticsClient}'s options. Not thread-safe. */
public final class AnalyticsClientBuilder {

  private static final int MIB = 1 << 20;
  private static final String API_KEY = "X-Api-Key";

  private String baseUrl = "http://localhost:8080";
  private final Map<String, Supplier<String>> headers =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private @Nullable SSLContext sslContext;
  private Duration timeout = Duration.ofSeconds(30);
  private Duration connectTimeout = Duration.ofSeconds(10);
  private int maxRetries = 3;
  private Duration retryDelay = Duration.ofSeconds(1);
  private @Nullable Duration deadline;
  private Duration closeTimeout = Duration.ofSeconds(10);
  private int maxInFlight = 64;
  private int maxPending = 10_000;
  private long maxPendingBytes = 64L * MIB;
  private int maxEventBytes = MIB;
  private int compressFrom = 8 << 10;
  private Clock clock = Clock.systemUTC();

  AnalyticsClientBuilder() {}

  /**
   * Where the service is, {@code http://localhost:8080} by default; with or without a path and a
   * trailing slash. Credentials in it are sent as Basic authentication and never printed.
   */
  public AnalyticsClientBuilder baseUrl(String baseUrl) {
    this.baseUrl = baseUrl;
    return this;
  }

  /**
   * Sent as {@code X-Api-Key} with every request; null for none, which is the default.
   *
   * @throws IllegalArgumentException if it has characters that are not printable ASCII
   */
  public AnalyticsClientBuilder apiKey(@Nullable String apiKey) {
    if (apiKey == null) {
      headers.remove(API_KEY);
      return this;
    }
    if (!apiKey.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException("the API key has characters that are not printable ASCII");
    }
    return header(API_KEY, apiKey);
  }

  /**
   * A header to send with every request. Names are the same in any case; the latest value counts.
   *
   * @throws IllegalArgumentException without the value, if no header can be called or hold that
   */
  public AnalyticsClientBuilder header(String name, String value) {
    return header(name, RequestHeaders.fixed(name, value));
  }

  /**
   * The same with values that change, such as tokens that expire: asked at each attempt, so it must
   * answer at once. If it throws, or answers what no header can carry, nothing is sent.
   */
  public AnalyticsClientBuilder header(String name, Supplier<String> value) {
    headers.put(name, value);
    return this;
  }

  /** Whom to trust where the service has HTTPS; by default whom the JVM trusts. */
  public AnalyticsClientBuilder sslContext(SSLContext sslContext) {
    this.sslContext = sslContext;
    return this;
  }

  /** How long one attempt may take, from going out to the answer's last byte; 30 s by default. */
  public AnalyticsClientBuilder timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /** For making a connection, 10 s by default and never above the timeout. */
  public AnalyticsClientBuilder connectTimeout(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
    return this;
  }

  /** How often to try again after 408, 429, 5xx and failures of the network; 3 by default. */
  public AnalyticsClientBuilder maxRetries(int maxRetries) {
    this.maxRetries = maxRetries;
    return this;
  }

  /**
   * The wait before the first new attempt, 1 s by default; it doubles each time, up to 30 s, and is
   * spread at random by a quarter. A wait of 30 s or more stays as it is. A longer wait that the
   * service asks for (Retry-After) is kept.
   */
  public AnalyticsClientBuilder retryDelay(Duration retryDelay) {
    this.retryDelay = retryDelay;
    return this;
  }

  /**
   * How long a call may take in all, waiting and every attempt included. By default long enough for
   * all of them: for each attempt its timeout and the longest wait, 4 min 30 s if nothing is set.
   */
  public AnalyticsClientBuilder deadline(Duration deadline) {
    this.deadline = deadline;
    return this;
  }

  /** How long closing waits for what is under way, 10 s by default; zero for not at all. */
  public AnalyticsClientBuilder closeTimeout(Duration closeTimeout) {
    this.closeTimeout = closeTimeout;
    return this;
  }

  /**
   * How many calls are under way at most, 64 by default; those between two attempts count. Health
   * checks go past them, 16 at a time.
   */
  public AnalyticsClientBuilder maxInFlight(int maxInFlight) {
    this.maxInFlight = maxInFlight;
    return this;
  }

  /** How much waits behind them at most; 10,000 calls and 64 MiB by default. */
  public AnalyticsClientBuilder maxPending(int calls, long bytes) {
    this.maxPending = calls;
    this.maxPendingBytes = bytes;
    return this;
  }

  /** How large an event may be as JSON, 1 MiB by default (the hub's limit). */
  public AnalyticsClientBuilder maxEventBytes(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
    return this;
  }

  /**
   * Compresses request bodies of this many bytes and more with gzip, 8192 by default. What is
   * answered with 400 or 415 is sent once more as it is; if that is taken, nothing is compressed
   * any more.
   */
  public AnalyticsClientBuilder compressFrom(int bytes) {
    this.compressFrom = bytes;
    return this;
  }

  /** Sends every request body as it is. */
  public AnalyticsClientBuilder withoutCompression() {
    return compressFrom(ClientSettings.NEVER_COMPRESS);
  }

  /** What a Retry-After date is compared with when the answer has no date; the system's clock. */
  public AnalyticsClientBuilder clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Makes the client; nothing is sent.
   *
   * @throws IllegalArgumentException if the URL is no http or https URL, or an option is out of
   *     range
   */
  public AnalyticsClient build() {
    return new AnalyticsClient(
        new ClientSettings(
            BaseUrl.of(baseUrl),
            headers,
            sslContext,
            timeout,
            connectTimeout,
            maxRetries,
            retryDelay,
            deadline == null ? longEnough() : deadline,
            closeTimeout,
            maxInFlight,
            maxPending,
            maxPendingBytes,
            maxEventBytes,
            compressFrom,
            clock));
  }

  private Duration longEnough() {
    return timeout.plus(Backoff.longest(retryDelay)).multipliedBy(1L + Math.max(0, maxRetries));
  }
}
