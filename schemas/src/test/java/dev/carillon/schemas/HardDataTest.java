package dev.carillon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data and schemas that are made to hurt. */
@Timeout(60)
class HardDataTest {

  private static final String TREE =
      "{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\","
          + "\"properties\":{\"child\":{\"$ref\":\"#/$defs/node\"}}}}}";

  private final SchemaRegistry registry = SchemaRegistry.ofDefaults();

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void takesNoNumberThatIsNone(double number) {
    ObjectNode data = DomainEventTest.EVENTS.get(12).toData().put("price", number);
    assertThat(registry.validate("membership.created", data)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "{", "{} {}", "", "\u0000", "{\"a\":1,}", "{'a':1}"})
  void saysThatDataIsNoJson(String text) {
    assertThat(registry.validate("workout.deleted", text.getBytes(StandardCharsets.UTF_8)))
        .singleElement()
        .satisfies(violation -> assertThat(violation.field()).isEqualTo("data"));
  }

  @Test
  void takesNothingForNoJson() {
    SchemaRegistry anything = SchemaRegistry.empty().register("a", 1, "true");
    assertThat(anything.validate("a", new byte[0])).hasSize(1);
    assertThat(anything.validate("a", new byte[] {'0'})).isEmpty();
  }

  @Test
  void boundsDepthAndSizeOfData() {
    String deep = "{\"a\":".repeat(1000) + "1" + "}".repeat(1000);
    assertThat(registry.validate("workout.deleted", deep.getBytes(StandardCharsets.UTF_8)))
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).contains("500"));
    assertThat(registry.validate("workout.deleted", new byte[(16 << 20) + 1]))
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).contains("larger than"));
  }

  @Test
  void endsOnATreeDeeperThanItsStack() {
    SchemaRegistry trees = SchemaRegistry.empty().register("tree", 1, TREE);
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode last = root;
    for (int i = 0; i < 100_000; i++) {
      last = last.putObject("child");
    }
    assertThat(trees.validate("tree", root))
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).contains("too deeply"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"#\"}",
        "{\"allOf\":[{\"$ref\":\"#\"}]}",
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},"
            + "\"b\":{\"$ref\":\"#/$defs/a\"}}}"
      })
  void endsOnASchemaThatNeverComesToAnEnd(String schema) {
    JsonNode data = JsonNodeFactory.instance.objectNode();
    List<String> messages;
    try {
      messages =
          SchemaRegistry.empty().register("loop", 1, schema).validate("loop", data).stream()
              .map(violation -> violation.message())
              .toList();
    } catch (SchemaException e) {
      messages = List.of(String.valueOf(e.getMessage()));
    }
    assertThat(messages).singleElement().asString().containsAnyOf("without end", "to an end");
  }

  @Test
  void listsNoMoreThanAHundredViolations() {
    SchemaRegistry numbers =
        SchemaRegistry.empty().register("n", 1, "{\"items\":{\"type\":\"string\"}}");
    ArrayNode data = JsonNodeFactory.instance.arrayNode();
    IntStream.range(0, 100_000).forEach(data::add);
    assertThat(numbers.validate("n", data)).hasSize(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e1000000000", "1e100000000", "-1e1000000000", "1e-1000000000", "1e400"})
  void isQuickWithNumbersOfAnySize(String number) {
    SchemaRegistry numbers =
        SchemaRegistry.empty()
            .register("n", 1, "{\"multipleOf\":0.01,\"minimum\":0,\"type\":\"integer\"}");
    assertThat(numbers.validate("n", number.getBytes(StandardCharsets.UTF_8)))
        .hasSizeLessThanOrEqualTo(2);
    assertThat(numbers.validate("n", DecimalNode.valueOf(new BigDecimal(number))))
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void boundsDepthAndSizeOfSchemas() {
    String deep = "{\"not\":".repeat(100) + "{}" + "}".repeat(100);
    assertThatThrownBy(() -> SchemaRegistry.empty().register("deep", 1, deep))
        .isInstanceOf(SchemaException.class);
    String large = "{\"description\":\"" + "x".repeat(256 << 10) + "\"}";
    assertThatThrownBy(() -> SchemaRegistry.empty().register("large", 1, large))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("larger than");
  }

  /** Each definition refers to the next one twice, which makes a billion paths. */
  @Test
  void registersDefinitionsThatMultiplyInBoundedTime() {
    StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
    for (int i = 0; i < 30; i++) {
      String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
      schema.append("\"d%d\":{\"allOf\":[%s,%s]},".formatted(i, next, next));
    }
    schema.append("\"d30\":{}}}");
    assertThat(SchemaRegistry.empty().register("many", 1, schema.toString()).knows("many"))
        .isTrue();
  }

  @Test
  void refusesBrokenSchemasInOneWayOnly() {
    byte[] schema =
        registry.schema("class.cancelled", 1).orElseThrow().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] changed = schema.clone();
      for (int j = 0; j < 3; j++) {
        changed[random.nextInt(changed.length)] = schema[random.nextInt(schema.length)];
      }
      try {
        registry.check("x", 1, new String(changed, StandardCharsets.UTF_8));
      } catch (SchemaException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 500);
  }

  @Test
  void keepsAVersionAsItIs() {
    SchemaRegistry mine = SchemaRegistry.empty().register("a", 1, "{}");
    mine.register("a", 1, "{}");
    assertThatThrownBy(() -> mine.register("a", 1, "{ }"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("registered already");
    assertThatThrownBy(() -> mine.register("a", 0, "{}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> mine.register(" ", 1, "{}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void servesManyThreadsAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Integer>> work =
          IntStream.range(0, 8).<Callable<Integer>>mapToObj(this::registerAndValidate).toList();
      for (Future<Integer> done : threads.invokeAll(work)) {
        assertThat(done.get()).isEqualTo(0);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(registry.versions("mine")).hasSize(400);
  }

  private Callable<Integer> registerAndValidate(int thread) {
    return () -> {
      int wrong = 0;
      for (int i = 0; i < 50; i++) {
        registry.register("mine", 1 + thread * 50 + i, "{\"minimum\":" + i + "}");
        for (var event : DomainEventTest.EVENTS) {
          wrong += registry.validate(event.type(), event.toData()).size();
        }
      }
      return wrong;
    };
  }
}
