package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.carillon.hub.store.Operation.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationParserTest {

  private final AtomicInteger parsers = new AtomicInteger();
  private final OperationParser parser =
      new OperationParser(
          new JsonFactory() {
            @Override
            public JsonParser createParser(InputStream in) throws IOException {
              parsers.incrementAndGet();
              return super.createParser(in);
            }
          });

  @AfterEach
  void close() {
    parser.close();
  }

  private static byte[] json(int number, String output) {
    EventFields fields = EventFields.builder().conversationId("c" + number).output(output).build();
    return new Operation(Kind.UPDATE, new UUID(0, number), Instant.EPOCH, fields).toJson();
  }

  private void reads(int number, String output) {
    assertReads(ByteBuffer.wrap(json(number, output)), number, output);
  }

  private void assertReads(ByteBuffer text, int number, String output) {
    ByteBuffer before = text.duplicate();
    Operation read = parser.read(text);
    assertThat(text).isEqualTo(before);
    assertThat(read.eventId()).isEqualTo(new UUID(0, number));
    assertThat(read.fields().conversationId()).isEqualTo("c" + number);
    assertThat(read.fields().values().output()).isEqualTo(output);
    assertThat(new String(read.fields().json(), UTF_8))
        .startsWith("{\"conversation_id\":")
        .endsWith("\"}");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 100, 7_900, 8_000, 8_100, 100_000})
  void readsOneAfterTheOther(int length) {
    for (int i = 0; i < 20; i++) {
      reads(i, "x".repeat(length + i));
    }
    assertThat(parsers).hasValue(1);
  }

  @Test
  void readsWhatIsNotPlainAmongOthers() {
    reads(1, "plain");
    reads(2, "\u00fc \ud83d\ude00 \u0001 \"\\");
    reads(3, "plain");
    assertThat(parsers).hasValue(1);
  }

  @Test
  void readsTheRestOfABuffer() {
    byte[] json = json(7, "x");
    ByteBuffer among = ByteBuffer.allocate(json.length + 20);
    among.put(5, json).position(5).limit(5 + json.length);
    for (int i = 0; i < 3; i++) {
      assertReads(among.slice(), 7, "x");
      assertReads(among, 7, "x");
      assertReads(among.asReadOnlyBuffer(), 7, "x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "null",
        "{\"operation\":\"update\"",
        "{\"operation\":\"update\",\"data\":{\"output\":\"",
        "{\"operation\":\"no\"}",
        "[{}",
        "{}{\"operation\":",
        "\u0000",
      })
  void goesOnAfterWhatIsNoOperation(String text) {
    reads(1, "before");
    assertThatThrownBy(() -> parser.read(ByteBuffer.wrap(text.getBytes(UTF_8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not ");
    reads(2, "after");
    assertThat(parsers).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\n` | 1",
        "` \t\r\n ` | 1",
        "{ | 4",
        "` \"` | 4",
        "] | 4",
        "{\"operation\":1} | 4"
      })
  void isNotLedAstrayByWhatFollows(String rest, int parsersMade) {
    byte[] json = json(1, "x");
    ByteBuffer more = ByteBuffer.allocate(json.length + rest.length());
    more.put(json).put(rest.getBytes(UTF_8)).flip();
    for (int i = 0; i < 3; i++) {
      assertReads(more, 1, "x");
      reads(2, "after");
    }
    assertThat(parsers).hasValue(parsersMade);
  }

  @Test
  void readsOtherEncodingsAmongOthers() {
    byte[] utf16 = new String(json(2, "x"), UTF_8).getBytes(UTF_16BE);
    assertReads(ByteBuffer.wrap(utf16), 2, "x");
    reads(1, "before");
    assertReads(ByteBuffer.wrap(utf16), 2, "x");
    reads(3, "after");
  }
}
