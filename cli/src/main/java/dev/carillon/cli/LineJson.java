package dev.carillon.cli;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

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

  private LineJson() {}

  /** The object that a line is. */
  static ObjectNode object(JsonMapper mapper, byte[] line) throws BadMessageException {
    try {
      if (mapper.readTree(line) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw BadMessageException.notJson(e);
    }
    throw new BadMessageException("not a JSON object");
  }
}
