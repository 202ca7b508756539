package dev.carillon.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.format.EventSerializationException;
import io.cloudevents.jackson.JsonCloudEventData;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EventFormatsTest {

  static final List<EventFormat> FORMATS =
      List.of(EventFormats.json(), EventFormats.protobuf(), EventFormats.messagePack());

  private static final String HARD_JSON =
      "{\"text\":\"Grüße \\u0000 😀\",\"n\":[0,-1,2147483648,9223372036854775807,"
          + "18446744073709551615,-9223372036854775809,123456789012345678901234567890,"
          + "49.90,1e-7,1e400,12345678901234567890.125],\"o\":{\"\":{},\"a\":[null,true,false]}}";

  static CloudEventBuilder minimal() {
    return CloudEventBuilder.v1().withId("1").withSource(URI.create("/a/b")).withType("t");
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void bringsBackWhatIsRequiredAndNothingMore(EventFormat format) {
    CloudEvent event = minimal().build();
    assertThat(again(format, event)).isEqualTo(event);
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void bringsBackEveryAttribute(EventFormat format) {
    CloudEvent event =
        minimal()
            .withSource(URI.create("urn:x:y?q=1#f"))
            .withSubject("ä b")
            .withTime(OffsetDateTime.parse("2026-11-02T09:00:00.123456789Z"))
            .withDataSchema(URI.create("https://example.com/schema?version=1"))
            .withDataContentType("text/plain; charset=utf-8")
            .build();
    assertThat(again(format, event)).isEqualTo(event);
  }

  @Test
  void keepsTheOffsetOfATimeWhereTheFormatHasOne() {
    OffsetDateTime time = OffsetDateTime.parse("2026-11-02T09:00:00+05:30");
    CloudEvent event = minimal().withTime(time).build();
    assertThat(again(EventFormats.json(), event).getTime()).isEqualTo(time);
    assertThat(again(EventFormats.messagePack(), event).getTime()).isEqualTo(time);
    assertThat(again(EventFormats.protobuf(), event).getTime())
        .isEqualTo(OffsetDateTime.parse("2026-11-02T03:30:00Z"));
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void bringsBackExtensionsOfEveryKind(EventFormat format) {
    CloudEvent event =
        minimal()
            .withExtension("text", "ü")
            .withExtension("empty", "")
            .withExtension("yes", true)
            .withExtension("no", false)
            .withExtension("least", Integer.MIN_VALUE)
            .withExtension("most", Integer.MAX_VALUE)
            .build();
    assertThat(again(format, event)).isEqualTo(event);
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void bringsBackOtherExtensionsAsTheirTypeOrTheirText(EventFormat format) {
    OffsetDateTime time = OffsetDateTime.parse("2026-11-02T09:00:00Z");
    CloudEvent event =
        again(
            format,
            minimal()
                .withExtension("uri", URI.create("https://example.com/x"))
                .withExtension("relative", URI.create("x/y"))
                .withExtension("time", time)
                .withExtension("bytes", new byte[] {0, -1})
                .withExtension("long", 1L << 40)
                .build());
    assertThat(event.getExtension("uri")).hasToString("https://example.com/x");
    assertThat(event.getExtension("relative")).hasToString("x/y");
    assertThat(event.getExtension("long")).isEqualTo("1099511627776");
    if (format == EventFormats.protobuf()) {
      assertThat(event.getExtension("uri")).isInstanceOf(URI.class);
    }
    if (format == EventFormats.json()) {
      assertThat(event.getExtension("bytes")).isEqualTo("AP8=");
    } else {
      assertThat(event.getExtension("bytes")).isEqualTo(new byte[] {0, -1});
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void bringsBackJsonWithEveryDigit(EventFormat format) throws Exception {
    for (String json : List.of(HARD_JSON, "null", "[]", "\"x\"", "0", "true", "{}")) {
      JsonNode node = EventTree.MAPPER.readTree(json);
      for (String type :
          List.of("application/json", "application/vnd.example.v1+json", "text/JSON")) {
        CloudEvent given = minimal().withData(type, json.getBytes(StandardCharsets.UTF_8)).build();
        CloudEvent parsed = minimal().withData(type, JsonCloudEventData.wrap(node)).build();
        assertThat(sameNumbers(bytes(again(format, given)))).isEqualTo(sameNumbers(json));
        assertThat(sameNumbers(bytes(again(format, parsed)))).isEqualTo(sameNumbers(json));
        assertThat(again(format, given).getDataContentType()).isEqualTo(type);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void takesDataOfNoTypeForJson(EventFormat format) {
    CloudEvent event =
        minimal()
            .withData(BytesCloudEventData.wrap("[1]".getBytes(StandardCharsets.UTF_8)))
            .build();
    CloudEvent read = again(format, event);
    assertThat(bytes(read)).isEqualTo("[1]");
    assertThat(read.getDataContentType()).isNull();
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void bringsBackTextAndBytes(EventFormat format) {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    for (byte[] data : new byte[][] {all, {}}) {
      CloudEvent event = minimal().withData("application/octet-stream", data).build();
      assertThat(again(format, event)).isEqualTo(event);
    }
    CloudEvent text =
        minimal().withData("text/plain", "Grüße".getBytes(StandardCharsets.UTF_8)).build();
    assertThat(again(format, text)).isEqualTo(text);
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void bringsBackAProtobufMessage(EventFormat format) throws Exception {
    Any any = Any.pack(Timestamp.newBuilder().setSeconds(7).build());
    CloudEvent event = minimal().withData("application/protobuf", any.toByteArray()).build();
    CloudEventData data = again(format, event).getData();
    assertThat(data).isNotNull();
    assertThat(Any.parseFrom(data == null ? new byte[0] : data.toBytes())).isEqualTo(any);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "1,\"type\":\"evil\"", "{\"a\":1}}", "NaN", "{\"a\":1,\"a\":2}"})
  void letsNoDataBreakOutOfItsEvent(String data) {
    CloudEvent event =
        minimal().withData("application/json", data.getBytes(StandardCharsets.UTF_8)).build();
    for (EventFormat format : List.of(EventFormats.json(), EventFormats.messagePack())) {
      assertThatThrownBy(() -> format.serialize(event))
          .isInstanceOf(EventSerializationException.class)
          .hasMessageContaining("said to be JSON");
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void mapsDataOnRequest(EventFormat format) {
    CloudEvent event = minimal().withData("text/plain", new byte[] {'a'}).build();
    CloudEvent mapped =
        format.deserialize(
            format.serialize(event), data -> BytesCloudEventData.wrap(new byte[] {'b'}));
    assertThat(bytes(mapped)).isEqualTo("b");
  }

  @Test
  void findsAFormatByItsContentType() {
    EventFormats formats = EventFormats.ofDefaults();
    assertThat(formats.forContentType("application/cloudevents+json; charset=utf-8"))
        .contains(EventFormats.json());
    assertThat(formats.forContentType("Application/CloudEvents+Protobuf"))
        .contains(EventFormats.protobuf());
    assertThat(formats.forContentType("application/cloudevents+msgpack"))
        .contains(EventFormats.messagePack());
    assertThat(formats.forContentType("application/json")).isEmpty();
    assertThat(formats.forContentType(null)).isEmpty();
    EventFormat mine = new CodecFormat(EventFormats.JSON, new JsonCodec());
    assertThat(formats.with(mine).forContentType(EventFormats.JSON)).containsSame(mine);
    assertThat(formats.forContentType(EventFormats.JSON)).containsSame(EventFormats.json());
  }

  private static CloudEvent again(EventFormat format, CloudEvent event) {
    return format.deserialize(format.serialize(event));
  }

  private static String bytes(CloudEvent event) {
    CloudEventData data = event.getData();
    return data == null ? "" : new String(data.toBytes(), StandardCharsets.UTF_8);
  }

  /** JSON with its numbers in one form: 49.90 and 49.9 are the same. */
  private static String sameNumbers(String json) throws Exception {
    return normalized(EventTree.MAPPER.readTree(json)).toString();
  }

  private static JsonNode normalized(JsonNode node) {
    if (node.isBigDecimal() || node.isDouble()) {
      return EventTree.MAPPER
          .getNodeFactory()
          .textNode(node.decimalValue().stripTrailingZeros().toString());
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(member -> member.setValue(normalized(member.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, normalized(array.get(i)));
      }
    }
    return node;
  }
}
