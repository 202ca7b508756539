package dev.carillon.hub.eventgrid;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may publish to which topic. A topic's keys are its own if the settings' file gives it some,
 * else the hub's API key; with neither and no bearer tokens set up, everyone may, but what is shown
 * must still be well-formed, for this resource, and not expired. Thread-safe.
 */
public final class TopicAccess {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Map<String, List<TopicKey>> topics;
  private final List<TopicKey> hubKeys;
  private final BearerTokens bearer;
  private final boolean bearerTaken;
  private final Clock clock;

  private TopicAccess(
      Map<String, List<TopicKey>> topics,
      List<TopicKey> hubKeys,
      BearerTokens bearer,
      boolean bearerTaken,
      Clock clock) {
    this.topics = topics;
    this.hubKeys = hubKeys;
    this.bearer = bearer;
    this.bearerTaken = bearerTaken;
    this.clock = clock;
  }

  /**
   * Takes the settings.
   *
   * @param apiKey the hub's own key; null if it has none
   * @param clock tells when tokens expire
   * @throws IOException with a text fit for a person, if a file that they name cannot be used
   */
  public static TopicAccess of(EventGridSettings settings, @Nullable String apiKey, Clock clock)
      throws IOException {
    List<TopicKey> hubKeys = apiKey == null ? List.of() : List.of(new TopicKey(apiKey));
    EventGridSettings.Bearer bearer = settings.bearer();
    boolean bearerTaken = bearer.keys() != null || bearer.fixedToken() != null;
    return new TopicAccess(
        EventGridFile.read(settings.file()).topicKeys(),
        hubKeys,
        BearerTokens.of(bearer),
        bearerTaken,
        clock);
  }

  /** Whether checking what a publisher shows may take up to some seconds, or much computing. */
  public boolean mayWait(Credentials shown) {
    return shown.bearer() != null && bearer.mayWait(shown.bearer());
  }

  /**
   * What keeps a publisher from publishing; null if nothing does.
   *
   * @param topic the topic's name
   * @param path the request's path, which a token must be for
   * @param shown what the publisher shows; this {@linkplain #mayWait may wait} for some
   */
  public @Nullable Refusal check(String topic, String path, Credentials shown) {
    if (!NAME.matcher(topic).matches()) {
      return new Refusal(404, "that cannot be the name of a topic");
    }
    if (!topics.isEmpty() && !topics.containsKey(topic)) {
      return new Refusal(404, "there is no topic of that name");
    }
    if (shown.count() > 1) {
      return new Refusal(
          400, "exactly one of aeg-sas-key, aeg-sas-token and Authorization is taken at once");
    }
    List<TopicKey> own = topics.getOrDefault(topic, List.of());
    List<TopicKey> keys = own.isEmpty() ? hubKeys : own;
    boolean open = keys.isEmpty() && !bearerTaken;
    if (shown.key() != null) {
      String key = shown.key();
      boolean known = keys.stream().filter(one -> one.is(key)).count() > 0;
      return known || open ? null : Refusal.unauthorized("the key is not one of the topic's");
    }
    if (shown.token() != null) {
      return checkToken(shown.token(), path, keys, open);
    }
    if (shown.bearer() != null) {
      return open ? null : bearer.check(shown.bearer());
    }
    return open && !shown.other()
        ? null
        : Refusal.unauthorized(
            "one of aeg-sas-key, aeg-sas-token and Authorization with a bearer token is needed");
  }

  private @Nullable Refusal checkToken(
      String text, String path, List<TopicKey> keys, boolean open) {
    SasToken token;
    try {
      token = SasToken.parse(text);
    } catch (IllegalArgumentException e) {
      return Refusal.unauthorized("the SAS token is not valid: " + e.getMessage());
    }
    boolean signed =
        open || keys.stream().anyMatch(key -> key.signed(token.signedText(), token.signature()));
    if (!signed) {
      return Refusal.unauthorized("the SAS token's signature is not by one of the topic's keys");
    }
    if (!token.path().equals(path)) {
      return Refusal.unauthorized("the SAS token is for another resource");
    }
    return token.expiry().isAfter(clock.instant())
        ? null
        : Refusal.unauthorized("the SAS token has expired");
  }
}
