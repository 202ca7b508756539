package dev.carillon.eventgrid;

import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.credential.AzureSasCredential;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.messaging.eventgrid.EventGridPublisherClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What a publisher shows to a topic. Immutable; its text never holds a secret. */
public abstract sealed class EventGridCredential {

  private EventGridCredential() {}

  /** An access key of the topic. The SDK sends it over HTTPS only. */
  public static EventGridCredential key(String key) {
    return new Key(required(key, "key"));
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
    return new Signing(new TokenSigner(required(key, "key")));
  }

  /**
   * Tokens of Microsoft Entra ID, such as {@code DefaultAzureCredential} of azure-identity gives
   * them. The SDK renews them before they expire, and sends them over HTTPS only.
   */
  public static EventGridCredential token(TokenCredential credential) {
    return new Token(credential);
  }

  private static String required(String text, String name) {
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException("the " + name + " is blank");
    }
    return text;
  }

  abstract void applyTo(EventGridPublisherClientBuilder builder, String endpoint);

  /** Names the kind of credential. */
  @Override
  public String toString() {
    return "EventGridCredential." + getClass().getSimpleName();
  }

  private static final class Key extends EventGridCredential {
    private final AzureKeyCredential key;

    Key(String key) {
      this.key = new AzureKeyCredential(key);
    }

    @Override
    void applyTo(EventGridPublisherClientBuilder builder, String endpoint) {
      builder.credential(key);
    }
  }

  private static final class Sas extends EventGridCredential {
    private static final HttpHeaderName HEADER = HttpHeaderName.fromString("aeg-sas-token");

    private final Supplier<String> tokens;

    Sas(Supplier<String> tokens) {
      this.tokens = tokens;
    }

    /** The SDK's own credential holds one token; a later policy puts the current one in. */
    @Override
    void applyTo(EventGridPublisherClientBuilder builder, String endpoint) {
      HttpPipelinePolicy current =
          (context, next) -> {
            context.getHttpRequest().setHeader(HEADER, tokens.get());
            return next.process();
          };
      builder.credential(new AzureSasCredential("r=&e=&s=")).addPolicy(current);
    }
  }

  private static final class Signing extends EventGridCredential {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration RENEWAL = Duration.ofMinutes(30);

    private final TokenSigner signer;

    Signing(TokenSigner signer) {
      this.signer = signer;
    }

    @Override
    void applyTo(EventGridPublisherClientBuilder builder, String endpoint) {
      AtomicReference<Signed> current = new AtomicReference<>(Signed.NONE);
      Supplier<String> tokens =
          () ->
              current
                  .updateAndGet(
                      now -> now.isFresh() ? now : Signed.by(signer, endpoint, LIFE, RENEWAL))
                  .token();
      new Sas(tokens).applyTo(builder, endpoint);
    }
  }

  /** A signature and when to make the next. */
  private record Signed(String token, Instant renewal) {
    static final Signed NONE = new Signed("", Instant.MIN);

    static Signed by(TokenSigner signer, String endpoint, Duration life, Duration renewal) {
      Instant now = Instant.now();
      return new Signed(signer.sign(endpoint, now.plus(life)), now.plus(renewal));
    }

    boolean isFresh() {
      return Instant.now().isBefore(renewal);
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
