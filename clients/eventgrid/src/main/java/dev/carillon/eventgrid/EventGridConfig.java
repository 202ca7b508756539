package dev.carillon.eventgrid;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a client.
 *
 * @param topics any number, each name once
 */
public record EventGridConfig(List<EventGridTopicConfig> topics) {

  private static final Logger log = LoggerFactory.getLogger(EventGridConfig.class);

  /** Checks that names are unique. */
  public EventGridConfig {
    topics = List.copyOf(topics);
    Set<String> names = new HashSet<>();
    for (EventGridTopicConfig topic : topics) {
      if (!names.add(topic.name())) {
        throw new IllegalArgumentException("topic " + topic.name() + " is there twice");
      }
    }
  }

  /** Topics in the order given. */
  public static EventGridConfig of(EventGridTopicConfig... topics) {
    return new EventGridConfig(List.of(topics));
  }

  /** The topics that this process's environment names: {@link #create(Map)}. */
  public static EventGridConfig create() {
    return create(System.getenv());
  }

  /**
   * The topics that an environment names: {@code EVENTGRID_TOPICS=user-events,orders} lists them,
   * {@code EVENTGRID_USER_EVENTS_ENDPOINT} is the endpoint of one, {@code
   * EVENTGRID_USER_EVENTS_KEY} its key, if it has one of its own. Where these are not set, {@code
   * EVENTGRID_USER-EVENTS_ENDPOINT} and {@code EVENTGRID_USER-EVENTS_KEY} count. A topic without an
   * endpoint is left out, which is logged.
   */
  public static EventGridConfig create(Map<String, String> environment) {
    List<EventGridTopicConfig> topics = new ArrayList<>();
    for (String listed : environment.getOrDefault("EVENTGRID_TOPICS", "").split(",", -1)) {
      String name = listed.strip();
      if (name.isEmpty()) {
        continue;
      }
      List<String> spelled = spellings(name);
      String endpoint = find(environment, spelled, "_ENDPOINT");
      if (endpoint.isEmpty()) {
        log.warn(
            "topic {} is left out: {}_ENDPOINT is not set",
            name,
            String.join("_ENDPOINT or ", spelled));
        continue;
      }
      EventGridTopicConfig topic = new EventGridTopicConfig(name, endpoint);
      String key = find(environment, spelled, "_KEY");
      topics.add(key.isEmpty() ? topic : topic.withCredential(EventGridCredential.key(key)));
    }
    return new EventGridConfig(topics);
  }

  /** What a topic's variables begin with: no shell can set one with a hyphen, but others do. */
  private static List<String> spellings(String topic) {
    String asItIs = "EVENTGRID_" + topic.toUpperCase(Locale.ROOT);
    return Stream.of(asItIs.replace('-', '_'), asItIs).distinct().toList();
  }

  private static String find(Map<String, String> environment, List<String> spelled, String what) {
    return spelled.stream()
        .map(prefix -> environment.getOrDefault(prefix + what, "").strip())
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }
}
