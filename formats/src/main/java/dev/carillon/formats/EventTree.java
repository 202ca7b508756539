package dev.carillon.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.MediaTypes;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.rw.CloudEventContextWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as a tree, by the JSON format of CloudEvents; byte strings are binary nodes.
 *
 * <p>The SDK's own JSON format is not used: it takes JSON data for JSON without looking, so that
 * data can break out of its event; it rounds numbers to doubles; and it does not know content types
 * such as {@code application/vnd.example.v1+json} for JSON.
 */
final class EventTree {

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(Codec.MAX_DEPTH).build())
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(Codec.MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String VERSION = "1.0";
  private static final String DATA = "data";

  private final String binaryData;

  /**
   * Creates a way to and from trees.
   *
   * @param binaryData the name of the member for data that is not JSON
   */
  EventTree(String binaryData) {
    this.binaryData = binaryData;
  }

  ObjectNode write(CloudEvent event) throws IOException {
    ObjectNode tree = MAPPER.createObjectNode();
    Attributes.write(CloudEventBuilder.v1(event).build(), tree);
    CloudEventData data = event.getData();
    if (data instanceof JsonCloudEventData json) {
      tree.set(DATA, json.getNode());
    } else if (data != null && MediaTypes.isJson(event.getDataContentType())) {
      tree.set(DATA, parse(data.toBytes()));
    } else if (data != null) {
      tree.put(binaryData, data.toBytes());
    }
    return tree;
  }

  private static JsonNode parse(byte[] data) throws IOException {
    JsonNode node;
    try {
      node = MAPPER.readTree(data);
    } catch (IOException e) {
      throw new IOException("the data is said to be JSON but is not: " + e.getMessage(), e);
    }
    if (node.isMissingNode()) {
      throw new IOException("the data is said to be JSON but is empty");
    }
    return node;
  }

  CloudEvent read(JsonNode tree) throws IOException {
    if (!(tree instanceof ObjectNode members)) {
      throw new IOException("it is no object");
    }
    String version = members.path("specversion").asText();
    if (!version.equals(VERSION)) {
      throw new IOException("specversion is not " + VERSION + ": " + version);
    }
    CloudEventBuilder builder = CloudEventBuilder.v1();
    CloudEventContextWriter attributes = builder;
    for (Map.Entry<String, JsonNode> member : members.properties()) {
      String name = member.getKey();
      if (!name.equals("specversion") && !name.equals(DATA) && !name.equals(binaryData)) {
        Attributes.read(name, member.getValue(), attributes);
      }
    }
    JsonNode type = members.path("datacontenttype");
    CloudEventData data = data(members, MediaTypes.isJson(type.isTextual() ? type.asText() : null));
    return data == null ? builder.build() : builder.withData(data).build();
  }

  private @Nullable CloudEventData data(ObjectNode members, boolean json) throws IOException {
    JsonNode data = members.get(DATA);
    JsonNode binary = members.get(binaryData);
    if (data != null && binary != null) {
      throw new IOException("it has both " + DATA + " and " + binaryData);
    }
    if (binary != null) {
      return BytesCloudEventData.wrap(bytes(binaryData, binary));
    }
    if (data == null) {
      return null;
    }
    if (json) {
      return JsonCloudEventData.wrap(data);
    }
    return BytesCloudEventData.wrap(
        data.isTextual() ? data.asText().getBytes(StandardCharsets.UTF_8) : bytes(DATA, data));
  }

  private static byte[] bytes(String name, JsonNode node) throws IOException {
    byte[] bytes;
    try {
      bytes = node.binaryValue();
    } catch (IOException e) {
      throw new IOException(name + " is not base64: " + e.getMessage(), e);
    }
    if (bytes == null) {
      throw new IOException(name + " is neither text nor bytes, and its type is not JSON");
    }
    return bytes;
  }
}
