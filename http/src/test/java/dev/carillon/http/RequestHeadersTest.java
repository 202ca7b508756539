package dev.carillon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadersTest {

  @Test
  void keepsAValue() {
    assertThat(RequestHeaders.fixed("X-Api-Key", "s3cret").get()).isEqualTo("s3cret");
  }

  @ParameterizedTest
  @CsvSource({"X-Api-Key, 's3cret\n'", "a name, s3cret", "Host, s3cret", "X-Api-Key,"})
  void refusesWhatCannotBeSentWithoutRepeatingIt(String name, String value) {
    assertThatThrownBy(() -> RequestHeaders.fixed(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header " + name + " cannot be sent")
        .hasNoCause();
  }
}
