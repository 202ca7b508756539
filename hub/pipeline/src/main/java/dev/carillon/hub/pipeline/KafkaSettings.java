package dev.carillon.hub.pipeline;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which Kafka operations go through. Its text shows no property's value, as they may be secret.
 *
 * @param brokers where to begin: {@code host:port,host:port}
 * @param topic the topic of the operations; what cannot be processed goes to the topic of that name
 *     with {@code -dlq}
 * @param properties further properties of Kafka's clients, such as those of security
 */
public record KafkaSettings(String brokers, String topic, Map<String, String> properties) {

  private static final String GROUP = "event-consumer-group";
  private static final String USUAL_TOPIC = "events";
  private static final Pattern BROKER =
      Pattern.compile("[^\\s,:@/]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d+");
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

  /** What 202, and the order of an event's operations, rest on. */
  private static final Map<String, Set<String>> PROMISED =
      Map.of(
          "acks", Set.of("all", "-1"),
          "enable.idempotence", Set.of("true"),
          "enable.auto.commit", Set.of("false"),
          "auto.offset.reset", Set.of("earliest"),
          "partitioner.class", Set.of(""),
          "partitioner.ignore.keys", Set.of("false"));

  /** A JSON of 1 MiB grows when its numbers are written out. */
  static final int MAX_MESSAGE_BYTES = 4 << 20;

  /**
   * Checks what can be checked without a connection.
   *
   * @throws IllegalArgumentException with a text fit for a person
   */
  public KafkaSettings {
    if (brokers.isBlank()) {
      throw new IllegalArgumentException("no Kafka broker is named");
    }
    for (String broker : brokers.split(",", -1)) {
      if (!BROKER.matcher(broker.strip()).matches()) {
        throw new IllegalArgumentException("the Kafka brokers are not host:port,host:port");
      }
    }
    if (!TOPIC.matcher(topic).matches()) {
      throw new IllegalArgumentException("no name for a Kafka topic: " + topic);
    }
    properties = Map.copyOf(properties);
    for (Map.Entry<String, String> property : properties.entrySet()) {
      String name = property.getKey();
      String value = property.getValue().strip().toLowerCase(Locale.ROOT);
      if (!PROMISED.getOrDefault(name, Set.of(value)).contains(value)) {
        throw new IllegalArgumentException(
            "the Kafka properties set "
                + name
                + ", on which the hub's promises rest; leave it out");
      }
    }
  }

  /** A topic without further properties. */
  public static KafkaSettings of(String brokers, String topic) {
    return new KafkaSettings(brokers, topic, Map.of());
  }

  /**
   * The consumer group of all writers of the topic: {@code event-consumer-group}, and for another
   * topic than {@code events} a group of its own, since members of a group wait for each other.
   */
  public String group() {
    return topic.equals(USUAL_TOPIC) ? GROUP : GROUP + "-" + topic;
  }

  /** The topic of what cannot be processed. */
  public String deadLetterTopic() {
    return topic + "-dlq";
  }

  /** The properties of a client: those of its kind, and over them the user's. */
  Map<String, Object> client(Map<String, Object> kind) {
    Map<String, Object> all = new HashMap<>(kind);
    all.put("bootstrap.servers", brokers.replace(" ", ""));
    all.put("enable.metrics.push", false);
    all.putAll(properties);
    return all;
  }

  @Override
  public String toString() {
    return "KafkaSettings[brokers=" + brokers + ", topic=" + topic + "]";
  }
}
