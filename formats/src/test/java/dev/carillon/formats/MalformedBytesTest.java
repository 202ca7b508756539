package dev.carillon.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.format.EventSerializationException;
import io.cloudevents.jackson.JsonCloudEventData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

@Timeout(60)
class MalformedBytesTest {

  static final List<EventFormat> FORMATS = EventFormatsTest.FORMATS;

  private static final CloudEvent EVENT =
      EventFormatsTest.minimal()
          .withExtension("count", 7)
          .withData(
              "application/json", "{\"a\":[1,\"x\",{\"b\":1.5}]}".getBytes(StandardCharsets.UTF_8))
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | no object",
        "{} | specversion",
        "{'specversion':'0.3','id':'1','source':'/','type':'t'} | 0.3",
        "{'specversion':'1.0','source':'/','type':'t'} | 'id'",
        "{'specversion':'1.0','id':'','source':'/','type':'t'} | id",
        "{'specversion':'1.0','id':'1','source':'a b','type':'t'} | source",
        "{'specversion':'1.0','id':'1','source':'/','type':5} | type",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','time':'now'} | time",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','Bad-Name':'x'} | Bad-Name",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','x':1.5} | x",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','x':9999999999} | x",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','x':{}} | x",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','type':'u'} | type",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','data':1,'data_base64':'AA=='} | both",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','data_base64':'!'} | data_base64",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','data_base64':5} | data_base64",
        "{'specversion':'1.0','id':'1','source':'/','type':'t','datacontenttype':'a/b','data':{}} | data",
        "{'specversion':'1.0','id':'1','source':'/','type':'t'} x | x",
        "{'specversion':'1.0' | end-of-input"
      })
  void saysWhatIsWrongWithJson(String json, String named) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> EventFormats.json().deserialize(bytes))
        .isInstanceOf(EventDeserializationException.class)
        .hasMessageContaining("not an event as application/cloudevents+json")
        .hasMessageContaining(named.replace("'", ""));
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void failsAtEveryPlaceWhereBytesAreCutOff(EventFormat format) {
    byte[] whole = format.serialize(EVENT);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      if (format == EventFormats.protobuf() && isWhole(format, part)) {
        continue; // a message of Protobuf may end after any of its fields
      }
      assertThatThrownBy(() -> format.deserialize(part))
          .isInstanceOf(EventDeserializationException.class);
    }
  }

  private static boolean isWhole(EventFormat format, byte[] part) {
    try {
      return format.deserialize(part).getId().equals("1");
    } catch (EventDeserializationException e) {
      return false;
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void failsInOneWayOnly(EventFormat format) {
    byte[] whole = format.serialize(EVENT);
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = whole.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(format.deserialize(changed).getId()).isNotEmpty();
      } catch (EventDeserializationException e) {
        assertThat(e).hasMessageContaining(format.serializedContentType());
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FORMATS")
  void boundsSizeAndDepth(EventFormat format) {
    assertThatThrownBy(() -> format.deserialize(new byte[(16 << 20) + 1]))
        .isInstanceOf(EventDeserializationException.class)
        .hasMessageContaining("more than");
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode last = root;
    for (int i = 0; i < 600; i++) {
      last = last.putObject("a");
    }
    CloudEvent deep =
        EventFormatsTest.minimal()
            .withData("application/json", JsonCloudEventData.wrap(root))
            .build();
    if (format != EventFormats.protobuf()) { // there it is text
      assertThatThrownBy(() -> format.serialize(deep))
          .isInstanceOf(EventSerializationException.class)
          .hasMessageContaining("500");
    }
  }

  @Test
  void believesNoLengthInMessagePack() throws Exception {
    for (byte[] header :
        new byte[][] {
          {(byte) 0xdf, 0x7f, -1, -1, -1}, // a map of 2 billion
          {(byte) 0xdd, 0x7f, -1, -1, -1}, // an array
          {(byte) 0xdb, 0x7f, -1, -1, -1}, // a string
          {(byte) 0xc6, 0x7f, -1, -1, -1}, // bytes
          {(byte) 0xc9, 0x7f, -1, -1, -1, 1}, // an extension
          {(byte) 0xdf, -1, -1, -1, -1}, // a map of more than 31 bits
          {(byte) 0xc1} // never used
        }) {
      assertThatThrownBy(() -> EventFormats.messagePack().deserialize(header))
          .isInstanceOf(EventDeserializationException.class);
    }
    byte[] arrays = new byte[100_000];
    Arrays.fill(arrays, (byte) 0x91);
    assertThatThrownBy(() -> EventFormats.messagePack().deserialize(arrays))
        .hasMessageContaining("deeper");
  }

  @Test
  void readsTimestampsOfMessagePackAndRefusesWhatJsonDoesNotHave() throws Exception {
    Instant time = Instant.parse("2026-11-02T09:00:00.5Z");
    CloudEvent event =
        EventFormats.messagePack()
            .deserialize(packed(packer -> packer.packString("time").packTimestamp(time)));
    assertThat(event.getTime()).isEqualTo(time.atOffset(ZoneOffset.UTC));
    for (Extra extra :
        List.<Extra>of(
            packer -> packer.packString("data").packDouble(Double.NaN),
            packer -> packer.packInt(1).packInt(1),
            packer -> packer.packString("id").packString("2"),
            packer ->
                packer.packString("x").packExtensionTypeHeader((byte) 9, 1).addPayload(new byte[1]),
            packer ->
                packer
                    .packString("data")
                    .packExtensionTypeHeader((byte) 1, 1)
                    .addPayload(new byte[] {'x'}),
            packer -> packer.packString("x").packRawStringHeader(1).addPayload(new byte[] {-1}))) {
      byte[] bytes = packed(extra);
      assertThatThrownBy(() -> EventFormats.messagePack().deserialize(bytes))
          .isInstanceOf(EventDeserializationException.class);
    }
  }

  private interface Extra {
    void to(MessagePacker packer) throws IOException;
  }

  private static byte[] packed(Extra extra) throws IOException {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packMapHeader(5);
      for (String text : List.of("specversion", "1.0", "id", "1", "source", "/", "type", "t")) {
        packer.packString(text);
      }
      extra.to(packer);
      return packer.toByteArray();
    }
  }
}
