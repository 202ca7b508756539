package dev.carillon.eventgrid;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One topic.
 *
 * @param name what the application calls it
 * @param endpoint its address, with {@code /api/events} at the end as Azure shows it
 * @param schema how events are written; {@link EventGridSchema#EVENT_GRID} by default
 * @param credential what to show to it; null for the client's own
 */
public record EventGridTopicConfig(
    String name,
    String endpoint,
    EventGridSchema schema,
    @Nullable EventGridCredential credential) {

  /** Checks the name and the endpoint. */
  public EventGridTopicConfig {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("the topic's name is blank");
    }
    Objects.requireNonNull(schema, "schema");
    checkEndpoint(name, endpoint);
  }

  /** A topic in Event Grid's own schema, with the client's credential. */
  public EventGridTopicConfig(String name, String endpoint) {
    this(name, endpoint, EventGridSchema.EVENT_GRID, null);
  }

  private static void checkEndpoint(String name, @Nullable String endpoint) {
    URI uri;
    try {
      uri = URI.create(endpoint == null ? "" : endpoint);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the endpoint of topic " + name + " is not a URL", e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("https") || scheme.equals("http")) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "the endpoint of topic " + name + " is not an http or https URL");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "the endpoint of topic " + name + " holds credentials, which belong elsewhere");
    }
  }

  /** This topic in another schema. */
  public EventGridTopicConfig withSchema(EventGridSchema value) {
    return new EventGridTopicConfig(name, endpoint, value, credential);
  }

  /** This topic with a credential of its own. */
  public EventGridTopicConfig withCredential(EventGridCredential value) {
    return new EventGridTopicConfig(name, endpoint, schema, value);
  }
}
