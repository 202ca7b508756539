package dev.carillon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.IsoTime;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads JSON that people type: lines of a file, and values of flags. */
final class LineJson {

  /** Decimals stay as they were written: 0.10 is not 0.1 to everyone. */
  static final JsonMapper EXACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** A member given twice is a mistake of who typed it, and not for Jackson to choose from. */
  private static final JsonMapper STRICT =
      EXACT.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private LineJson() {}

  /** The object that a line is. */
  static ObjectNode object(byte[] line) throws BadMessageException {
    try {
      if (STRICT.readTree(line) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw BadMessageException.notJson(e);
    }
    throw new BadMessageException("not a JSON object");
  }

  /** The object that a flag or member holds as a text. */
  static ObjectNode object(String name, String text) throws BadMessageException {
    if (value(name, text) instanceof ObjectNode object) {
      return object;
    }
    throw new BadMessageException(name + ": must be a JSON object");
  }

  /** The value that a flag or member holds as a text. */
  static JsonNode value(String name, String text) throws BadMessageException {
    try {
      JsonNode value = STRICT.readTree(text);
      if (!value.isMissingNode()) {
        return value;
      }
    } catch (JsonProcessingException e) {
      throw new BadMessageException(name + ": " + BadMessageException.notJson(e).getMessage());
    }
    throw new BadMessageException(name + ": is empty");
  }

  /** The time that a member holds, with an offset, with {@code Z}, or with none, then UTC. */
  static Instant time(String name, String text) throws BadMessageException {
    OffsetDateTime time = IsoTime.readOrNull(text.strip());
    if (time == null) {
      throw new BadMessageException(name + ": is not an ISO 8601 time");
    }
    return time.toInstant();
  }
}
