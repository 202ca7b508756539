package dev.carillon.formats;

import dev.carillon.core.MediaTypes;
import io.cloudevents.core.format.EventFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The formats in which whole events travel, by content type. Immutable and thread-safe, as are the
 * formats.
 *
 * <p>What a format reads is at most 16 MiB, its JSON data at most 500 levels deep; bytes that are
 * no event end in an {@link io.cloudevents.core.format.EventDeserializationException} that says
 * what is wrong, and an event that cannot be written (such as JSON data that is no JSON) in an
 * {@link io.cloudevents.core.format.EventSerializationException}.
 */
public final class EventFormats {

  /** The content type of the JSON format. */
  public static final String JSON = "application/cloudevents+json";

  /** The content type of the Protobuf format. */
  public static final String PROTOBUF = "application/cloudevents+protobuf";

  /** The content type of the MessagePack format. */
  public static final String MESSAGE_PACK = "application/cloudevents+msgpack";

  private static final EventFormat JSON_FORMAT = new CodecFormat(JSON, new JsonCodec());
  private static final EventFormat PROTOBUF_FORMAT = new CodecFormat(PROTOBUF, new ProtobufCodec());
  private static final EventFormat MESSAGE_PACK_FORMAT =
      new CodecFormat(MESSAGE_PACK, new MessagePackCodec());

  private final Map<String, EventFormat> byContentType;

  private EventFormats(Collection<EventFormat> formats) {
    Map<String, EventFormat> map = new LinkedHashMap<>();
    for (EventFormat format : formats) {
      map.put(format.serializedContentType(), format);
      format.deserializableContentTypes().forEach(type -> map.put(type, format));
    }
    byContentType = map;
  }

  /** JSON, Protobuf and MessagePack. */
  public static EventFormats ofDefaults() {
    return new EventFormats(List.of(JSON_FORMAT, PROTOBUF_FORMAT, MESSAGE_PACK_FORMAT));
  }

  /**
   * The JSON format of CloudEvents 1.0.2. Numbers in data keep their digits; attributes of type
   * URI, timestamp and binary come back as strings, since JSON does not tell them apart.
   */
  public static EventFormat json() {
    return JSON_FORMAT;
  }

  /**
   * The Protobuf format of CloudEvents 1.0.2. Every attribute keeps its type, timestamps are in
   * UTC; data of type {@code application/protobuf} must be a {@code google.protobuf.Any}.
   */
  public static EventFormat protobuf() {
    return PROTOBUF_FORMAT;
  }

  /**
   * MessagePack. CloudEvents has no such format of its own, so this one follows the JSON format: a
   * map from attribute names to values, with two differences. Binary attributes and data that is
   * not JSON are of MessagePack's type bin, the data under {@code data_binary}; and a number that
   * fits neither 64 bits nor a double is an extension value of type 1 that holds its digits.
   */
  public static EventFormat messagePack() {
    return MESSAGE_PACK_FORMAT;
  }

  /** These and one format more, which goes first where it takes a content type that they take. */
  public EventFormats with(EventFormat format) {
    Collection<EventFormat> more = new ArrayList<>(byContentType.values());
    more.add(format);
    return new EventFormats(more);
  }

  /**
   * The format of a content type.
   *
   * @param contentType as in a header, with or without parameters; null if there was none
   * @return empty if no format takes it
   */
  public Optional<EventFormat> forContentType(@Nullable String contentType) {
    return Optional.ofNullable(byContentType.get(MediaTypes.withoutParameters(contentType)));
  }
}
