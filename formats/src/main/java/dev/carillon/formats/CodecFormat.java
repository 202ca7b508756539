package dev.carillon.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.CloudEventUtils;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.format.EventSerializationException;
import io.cloudevents.rw.CloudEventDataMapper;
import java.io.IOException;
import java.util.Set;

/** A codec as the SDK of CloudEvents wants it, with a bound on size and one kind of failure. */
final class CodecFormat implements EventFormat {

  private static final int MAX_BYTES = 16 << 20;

  private final String contentType;
  private final Codec codec;

  CodecFormat(String contentType, Codec codec) {
    this.contentType = contentType;
    this.codec = codec;
  }

  @Override
  public byte[] serialize(CloudEvent event) {
    try {
      requireNames(event);
      return codec.write(event);
    } catch (IOException | RuntimeException e) {
      throw new EventSerializationException(
          new IOException("event " + event.getId() + " cannot be written: " + reason(e), e));
    }
  }

  @Override
  public CloudEvent deserialize(
      byte[] bytes, CloudEventDataMapper<? extends CloudEventData> mapper) {
    CloudEvent event = read(bytes);
    return mapper == CloudEventDataMapper.identity()
        ? event
        : CloudEventUtils.toEvent(CloudEventUtils.toReader(event), mapper);
  }

  private CloudEvent read(byte[] bytes) {
    try {
      if (bytes.length > MAX_BYTES) {
        throw new IOException(bytes.length + " bytes, more than " + MAX_BYTES);
      }
      CloudEvent event = codec.read(bytes);
      requireNames(event);
      return event;
    } catch (IOException | RuntimeException e) {
      throw new EventDeserializationException(
          new IOException("not an event as " + contentType + ": " + reason(e), e));
    }
  }

  /** The SDK asks only that they are there. */
  private static void requireNames(CloudEvent event) throws IOException {
    if (event.getId().isEmpty()
        || event.getType().isEmpty()
        || event.getSource().toString().isEmpty()) {
      throw new IOException("its id, type or source is empty");
    }
  }

  private static String reason(Exception e) {
    String message =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return message == null ? e.toString() : message;
  }

  @Override
  public Set<String> deserializableContentTypes() {
    return Set.of(contentType);
  }

  @Override
  public String serializedContentType() {
    return contentType;
  }
}
