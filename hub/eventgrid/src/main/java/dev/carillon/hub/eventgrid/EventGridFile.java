package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The file that lists topics and subscriptions: {@code {"topics": [{"name", "keys"}],
 * "subscriptions": [...]}}.
 *
 * @param topics the topics there are; none means that they come into being on first use
 * @param subscriptions subscriptions as the REST interface takes them
 */
record EventGridFile(List<Topic> topics, List<SubscriptionRequest> subscriptions) {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  EventGridFile {
    topics = topics == null ? List.of() : List.copyOf(topics);
    subscriptions = subscriptions == null ? List.of() : List.copyOf(subscriptions);
  }

  /**
   * A topic.
   *
   * @param name its name
   * @param keys what publishers may show or sign with; none means the hub's own key
   */
  record Topic(String name, List<String> keys) {
    Topic {
      keys = keys == null ? List.of() : List.copyOf(keys);
    }
  }

  /** Reads a file; without one there is nothing. */
  static EventGridFile read(@Nullable Path file) throws IOException {
    if (file == null) {
      return new EventGridFile(List.of(), List.of());
    }
    try {
      return MAPPER.readValue(Files.readAllBytes(file), EventGridFile.class);
    } catch (JsonProcessingException e) {
      throw new IOException(file + " cannot be understood: " + reason(e), e);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    }
  }

  /** What is wrong with a JSON text, without the names of classes. */
  static String reason(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return unknown.getPropertyName() + ": is not known here";
    }
    if (e instanceof MismatchedInputException wrong) {
      return wrong.getPath().isEmpty()
          ? "it is not a JSON object, or something follows it"
          : wrong.getPath().stream()
                  .map(Reference::getFieldName)
                  .filter(Objects::nonNull)
                  .collect(Collectors.joining("."))
              + ": is not of the right type";
    }
    return e.getOriginalMessage();
  }

  Map<String, List<TopicKey>> topicKeys() {
    Map<String, List<TopicKey>> keys = new HashMap<>();
    for (Topic topic : topics) {
      keys.put(topic.name(), topic.keys().stream().map(TopicKey::new).toList());
    }
    return keys;
  }
}
