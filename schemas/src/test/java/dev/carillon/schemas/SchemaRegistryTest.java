package dev.carillon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventValidationException.Violation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SchemaRegistryTest {

  private static final String ORDER =
      """
      {
        "type": "object",
        "required": ["id"],
        "additionalProperties": false,
        "properties": {
          "id": {"type": "string"},
          "items": {"type": "array", "items": {
            "type": "object",
            "properties": {"price": {"type": "number", "minimum": 0}}}}
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void namesEveryFieldThatIsWrong() {
    SchemaRegistry registry = SchemaRegistry.empty().register("order.placed", 1, ORDER);

    List<Violation> violations =
        registry.validate(
            "order.placed", json("{\"items\":[{\"price\":1},{\"price\":-1}],\"extra\":1}"));

    assertThat(violations)
        .extracting(Violation::field)
        .containsExactlyInAnyOrder("data.id", "data.items[1].price", "data.extra");
    assertThat(violations).contains(new Violation("data.id", "is required"));
  }

  @Test
  void namesTheFileAndThePlaceOfWhatIsNoSchema() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("order.json"), "{\n \"type\": \"object\",\n \"required\": \"id\"\n}");

    assertThatThrownBy(() -> SchemaRegistry.empty().register("order.placed", 1, file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 3")
        .hasMessageContaining("/required");
  }

  @Test
  void namesTheFileAndThePlaceOfWhatIsNoJson() throws Exception {
    Path file = Files.writeString(folder.resolve("order.json"), "{\n \"type\": object}");

    assertThatThrownBy(() -> SchemaRegistry.empty().register("order.placed", 1, file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{} {}",
        "{\"$schema\": \"https://example.com/mine\"}",
        "{\"$ref\": \"https://example.com/other.json\"}",
        "{\"$ref\": \"http://127.0.0.1:9/other.json\"}",
        "{\"$ref\": \"file:///etc/passwd\"}",
        "{\"$ref\": \"classpath:simplelogger.properties\"}",
        "{\"$ref\": \"#/$defs/missing\"}",
        "{\"pattern\": \"(\"}",
        "{\"type\": \"text\"}"
      })
  void refusesWhatIsNoSchemaOrLooksElsewhere(String schema) {
    assertThatThrownBy(() -> SchemaRegistry.empty().register("a", 1, schema))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("schema of a version 1");
  }

  @Test
  void knowsTypesAndVersions() {
    SchemaRegistry registry =
        SchemaRegistry.empty()
            .register("a", 3, "{}")
            .register("a", 1, "true")
            .register("b", 1, "{}");

    assertThat(registry.types()).containsExactly("a", "b");
    assertThat(registry.versions("a")).containsExactly(1, 3);
    assertThat(registry.latestVersion("a")).hasValue(3);
    assertThat(registry.schema("a", 1)).hasValue("true");
    assertThat(registry.knows("c")).isFalse();
    assertThat(registry.latestVersion("c")).isEmpty();
  }

  @Test
  void comesWithFourteenTypesOfEvents() {
    SchemaRegistry registry = SchemaRegistry.ofDefaults();
    assertThat(registry.types()).hasSize(14);
    SchemaRegistry again = SchemaRegistry.empty();
    for (String type : registry.types()) {
      again.register(type, 1, registry.schema(type, 1).orElseThrow());
      assertThat(registry.validate(type, json("{}"))).isNotEmpty();
    }
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
