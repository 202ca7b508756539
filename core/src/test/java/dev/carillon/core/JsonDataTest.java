package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonDataTest {

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
  void refusesOtherEncodings(String charset) {
    assertThatThrownBy(() -> JsonData.requireUtf8("{\"a\":1}".getBytes(Charset.forName(charset))))
        .isInstanceOf(EventValidationException.class)
        .hasMessage("data: is not JSON in UTF-8 without a byte order mark");
  }

  @Test
  void refusesAByteOrderMark() {
    assertThatThrownBy(() -> JsonData.requireUtf8("\ufeff{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(EventValidationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "{}", " \"\u00fc\"", "\"\u00fc\""})
  void takesUtf8(String json) {
    assertThatCode(() -> JsonData.requireUtf8(json.getBytes(StandardCharsets.UTF_8)))
        .doesNotThrowAnyException();
  }
}
