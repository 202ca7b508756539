package dev.carillon.eventgrid;

import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.credential.AzureSasCredential;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.messaging.eventgrid.EventGridPublisherClientBuilder;
import dev.carillon.core.EventException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** What a publisher shows to a topic. Immutable; its text never holds a secret. */
public abstract sealed class EventGridCredential {

  private EventGridCredential() {}

  /** An access key of the topic. The SDK sends it over HTTPS only. */
  public static EventGridCredential key(String key) {
    required(key, "key");
    return new Key(() -> key);
  }

  /**
   * Access keys that are rotated: asked at each request, so it must answer at once. If it throws or
   * answers a blank, nothing is sent. The SDK sends them over HTTPS only.
   */
  public static EventGridCredential key(Supplier<String> keys) {
    return new Key(keys);
  }

  /** A shared access signature, also over plain HTTP. */
  public static EventGridCredential sas(String token) {
    required(token, "token");
    return new Sas(() -> token);
  }

  /**
   * Shared access signatures that are renewed: asked at each request, so it must answer at once.
   */
  public static EventGridCredential sas(Supplier<String> tokens) {
    return new Sas(tokens);
  }

  /**
   * An access key of the topic that is never sent: it signs shared access signatures, good for an
   * hour each, which also go over plain HTTP. It signs with what its text stands for in base64, as
   * Azure's keys do; a text that is no base64 signs as it is, as the hub reads it.
   */
  public static EventGridCredential signingKey(String key) {
    required(key, "key");
    return new Signing(() -> key);
  }

  /**
   * The same with access keys that are rotated: asked at each request, so it must answer at once.
   */
  public static EventGridCredential signingKey(Supplier<String> keys) {
    return new Signing(keys);
  }

  /**
   * Tokens of Microsoft Entra ID, such as {@code DefaultAzureCredential} of azure-identity gives
   * them. The SDK renews them before they expire, and sends them over HTTPS only.
   */
  public static EventGridCredential token(TokenCredential credential) {
    return new Token(credential);
  }

  private static void required(String text, String name) {
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException("the " + name + " is blank");
    }
  }

  /** Puts what is good now in place of what the SDK's own credential holds, which is one text. */
  private static HttpPipelinePolicy current(HttpHeaderName header, Supplier<String> secrets) {
    return (context, next) -> {
      String secret;
      try {
        secret = secrets.get();
        required(secret, header.getCaseInsensitiveName());
      } catch (RuntimeException e) {
        return Mono.error(EventException.unsent(e));
      }
      context.getHttpRequest().setHeader(header, secret);
      return next.process();
    };
  }

  abstract void applyTo(EventGridPublisherClientBuilder builder, String endpoint);

  /** Names the kind of credential. */
  @Override
  public String toString() {
    return "EventGridCredential." + getClass().getSimpleName();
  }

  private static final class Key extends EventGridCredential {
    private static final HttpHeaderName HEADER = HttpHeaderName.fromString("aeg-sas-key");

    private final Supplier<String> keys;

    Key(Supplier<String> keys) {
      this.keys = keys;
    }

    @Override
    void applyTo(EventGridPublisherClientBuilder builder, String endpoint) {
      builder.credential(new AzureKeyCredential("none")).addPolicy(current(HEADER, keys));
    }
  }

  private static final class Sas extends EventGridCredential {
    private static final HttpHeaderName HEADER = HttpHeaderName.fromString("aeg-sas-token");

    private final Supplier<String> tokens;

    Sas(Supplier<String> tokens) {
      this.tokens = tokens;
    }

    @Override
    void applyTo(EventGridPublisherClientBuilder builder, String endpoint) {
      builder.credential(new AzureSasCredential("r=&e=&s=")).addPolicy(current(HEADER, tokens));
    }
  }

  private static final class Signing extends EventGridCredential {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration RENEWAL = Duration.ofMinutes(30);

    private final Supplier<String> keys;

    Signing(Supplier<String> keys) {
      this.keys = keys;
    }

    @Override
    void applyTo(EventGridPublisherClientBuilder builder, String endpoint) {
      AtomicReference<Signed> current = new AtomicReference<>(Signed.NONE);
      Supplier<String> tokens =
          () -> {
            String key = keys.get();
            return current
                .updateAndGet(
                    now -> now.isFresh(key) ? now : Signed.by(key, endpoint, LIFE, RENEWAL))
                .token();
          };
      new Sas(tokens).applyTo(builder, endpoint);
    }
  }

  /** A signature, by which key, and when to make the next. */
  private record Signed(String key, String token, Instant renewal) {
    static final Signed NONE = new Signed("", "", Instant.MIN);

    static Signed by(String key, String endpoint, Duration life, Duration renewal) {
      Instant now = Instant.now();
      String token = new TokenSigner(key).sign(endpoint, now.plus(life));
      return new Signed(key, token, now.plus(renewal));
    }

    boolean isFresh(String wanted) {
      return key.equals(wanted) && Instant.now().isBefore(renewal);
    }

    @Override
    public String toString() {
      return "Signed[" + renewal + "]";
    }
  }

  private static final class Token extends EventGridCredential {
    private final TokenCredential credential;

    Token(TokenCredential credential) {
      this.credential = credential;
    }

    @Override
    void applyTo(EventGridPublisherClientBuilder builder, String endpoint) {
      builder.credential(credential);
    }
  }
}
