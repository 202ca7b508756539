package dev.carillon.eventgrid;

import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.credential.AzureSasCredential;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.messaging.eventgrid.EventGridPublisherClientBuilder;
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

  abstract void applyTo(EventGridPublisherClientBuilder builder);

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
    void applyTo(EventGridPublisherClientBuilder builder) {
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
    void applyTo(EventGridPublisherClientBuilder builder) {
      HttpPipelinePolicy current =
          (context, next) -> {
            context.getHttpRequest().setHeader(HEADER, tokens.get());
            return next.process();
          };
      builder.credential(new AzureSasCredential("r=&e=&s=")).addPolicy(current);
    }
  }

  private static final class Token extends EventGridCredential {
    private final TokenCredential credential;

    Token(TokenCredential credential) {
      this.credential = credential;
    }

    @Override
    void applyTo(EventGridPublisherClientBuilder builder) {
      builder.credential(credential);
    }
  }
}
