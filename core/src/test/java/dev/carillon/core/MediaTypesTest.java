package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MediaTypesTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "application/json",
        "Text/JSON ; charset=utf-8",
        "image/json",
        "application/vnd.example.v1+json",
        "model/gltf+JSON",
        ""
      })
  void isJsonByItsSubtypeOrIfNothingIsSaid(@Nullable String contentType) {
    assertThat(MediaTypes.isJson(contentType)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "text/plain", "application/jsonp", "application/xml; of=a/json"})
  void isNotJsonForLookingLikeIt(String contentType) {
    assertThat(MediaTypes.isJson(contentType)).isFalse();
  }

  @Test
  void leavesParametersOut() {
    assertThat(MediaTypes.withoutParameters(" Text/Plain;charset=utf-8")).isEqualTo("text/plain");
    assertThat(MediaTypes.withoutParameters("; charset=utf-8")).isEmpty();
    assertThat(MediaTypes.withoutParameters(null)).isEmpty();
  }
}
