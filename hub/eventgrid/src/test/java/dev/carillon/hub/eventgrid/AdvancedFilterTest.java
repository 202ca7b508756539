package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvancedFilterTest {

  private static final String EVENT =
      """
      {"id":"1","subject":"Users/7","eventType":"user.created",
       "data":{"n":5,"name":"Ada","ok":true,"none":null,"tags":["red","Blue"],
               "deep":{"er":"x"},"list":[1,20]}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NumberIn|data.n|values|[4,5]|true",
        "NumberIn|data.n|values|[4,6]|false",
        "NumberIn|data.list|values|[20]|true",
        "NumberNotIn|data.n|values|[5]|false",
        "NumberNotIn|data.absent|values|[5]|true",
        "NumberLessThan|data.n|value|5|false",
        "NumberLessThanOrEquals|data.n|value|5.0|true",
        "NumberGreaterThan|data.n|value|4.9|true",
        "NumberGreaterThanOrEquals|data.name|value|1|false",
        "NumberInRange|data.n|values|[[1,2],[5,9]]|true",
        "NumberNotInRange|data.n|values|[[1,9]]|false",
        "BoolEquals|data.ok|value|true|true",
        "BoolEquals|data.ok|value|false|false",
        "StringIn|data.name|values|[\"ada\"]|true",
        "StringNotIn|data.name|values|[\"ada\"]|false",
        "StringContains|subject|values|[\"SERS\"]|true",
        "StringNotContains|subject|values|[\"x\"]|true",
        "StringBeginsWith|eventType|values|[\"user.\"]|true",
        "StringNotBeginsWith|eventType|values|[\"user.\"]|false",
        "StringEndsWith|data.tags|values|[\"ue\"]|true",
        "StringNotEndsWith|data.deep.er|values|[\"y\"]|true",
        "IsNullOrUndefined|data.none|values|[]|true",
        "IsNullOrUndefined|data.n|values|[]|false",
        "IsNotNull|data.deep.er|values|[]|true",
        "IsNotNull|data.absent|values|[]|false",
      })
  void matchesAsAzureDoes(String operator, String key, String part, String value, boolean expected)
      throws Exception {
    AdvancedFilter filter = filter(operator, key, part, value);
    assertThat(filter.wrong()).isNull();
    assertThat(filter.matches(EventGridFile.MAPPER.readTree(EVENT))).isEqualTo(expected);
  }

  private static AdvancedFilter filter(String operator, String key, String part, String value)
      throws Exception {
    JsonNode json = EventGridFile.MAPPER.readTree(value);
    return part.equals("value")
        ? new AdvancedFilter(operator, key, json, null)
        : new AdvancedFilter(operator, key, null, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Nonsense|data.n|value|1",
        "NumberIn|data.n|values|[\"five\"]",
        "NumberIn|data.n|values|[]",
        "NumberInRange|data.n|values|[[1]]",
        "StringIn|data.n|values|[1]",
        "BoolEquals|data.n|value|1",
        "StringIn| |values|[\"a\"]",
      })
  void saysWhatIsWrong(String operator, String key, String part, String value) throws Exception {
    assertThat(filter(operator, key == null ? "" : key, part, value).wrong()).isNotBlank();
  }
}
