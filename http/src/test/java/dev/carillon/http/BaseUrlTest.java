package dev.carillon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {

  @ParameterizedTest
  @CsvSource({
    "http://hub, http://hub/event",
    "' HTTP://hub:8080/ ', http://hub:8080/event",
    "https://hub/api//, https://hub/api/event",
    "http://[::1]:80/a%20b, http://[::1]:80/a%20b/event"
  })
  void takesUrlsOfEveryForm(String url, String event) {
    BaseUrl base = BaseUrl.of(url);
    assertThat(base.resolve("/event")).hasToString(event);
    assertThat(base.authorization()).isNull();
    assertThat(base + "/event").isEqualTo(event);
  }

  @Test
  void keepsCredentialsForTheHeader() {
    BaseUrl base = BaseUrl.of("http://me:s3cret@hub/api");
    assertThat(base.authorization()).isEqualTo("Basic bWU6czNjcmV0");
    assertThat(base.resolve("/event")).hasToString("http://hub/api/event");
    assertThat(base).hasToString("http://***@hub/api");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "me:s3cret@hub",
        "ftp://me:s3cret@hub",
        "http://me:s3cret@",
        "http://me:s3cret@hub?a=b",
        "http://me:s3cret@hub#a",
        "http://me:s3 cret@hub",
      })
  void refusesWhatIsNoneWithoutRepeatingCredentials(String url) {
    assertThatThrownBy(() -> BaseUrl.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("URL")
        .hasMessageNotContaining("s3")
        .hasNoCause();
  }
}
