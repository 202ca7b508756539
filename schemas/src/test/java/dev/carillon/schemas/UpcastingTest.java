package dev.carillon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpcastingTest {

  private final SchemaRegistry registry =
      SchemaRegistry.empty()
          .register("user.added", 1, "{\"required\":[\"name\"]}")
          .register("user.added", 2, "{\"required\":[\"first\",\"last\"]}")
          .register("user.added", 4, "{\"required\":[\"first\",\"last\",\"active\"]}")
          .upcaster("user.added", 1, UpcastingTest::splitName)
          .upcaster("user.added", 2, data -> data.put("active", true));

  private static ObjectNode splitName(ObjectNode data) {
    String[] names = data.remove("name").asText().split(" ", 2);
    return data.put("first", names[0]).put("last", names[1]);
  }

  @Test
  void goesThroughEveryVersionToTheLatestAndLeavesTheOriginalAlone() {
    ObjectNode first = JsonNodeFactory.instance.objectNode().put("name", "Ada Lovelace");

    JsonNode latest = registry.upcast("user.added", 1, first);

    assertThat(latest.toString())
        .isEqualTo("{\"first\":\"Ada\",\"last\":\"Lovelace\",\"active\":true}");
    assertThat(first.toString()).isEqualTo("{\"name\":\"Ada Lovelace\"}");
    assertThat(registry.validate("user.added", latest)).isEmpty();
  }

  @Test
  void takesAnEventThatNamesNoVersionForTheFirst() throws Exception {
    List<CloudEvent> handled = new ArrayList<>();

    registry
        .upcasting(handled::add)
        .handle(event("{\"name\":\"Ada Lovelace\",\"balance\":12345678901234567890.125}"));

    assertThat(handled).hasSize(1);
    assertThat(String.valueOf(handled.get(0).getExtension("schemaversion"))).isEqualTo("4");
    assertThat(handled.get(0).getDataSchema()).isNull();
    assertThat(data(handled.get(0)))
        .contains("\"first\":\"Ada\"", "\"balance\":12345678901234567890.125");
  }

  @Test
  void leavesTheLatestANewerAndAnUnknownTypeAsTheyAre() {
    CloudEvent latest = CloudEventBuilder.v1(event("{}")).withExtension("schemaversion", 4).build();
    CloudEvent newer = CloudEventBuilder.v1(event("{}")).withExtension("schemaversion", 5).build();
    CloudEvent unknown = CloudEventBuilder.v1(event("{}")).withType("other").build();

    assertThat(registry.upcast(latest)).isSameAs(latest);
    assertThat(registry.upcast(newer)).isSameAs(newer);
    assertThat(registry.upcast(unknown)).isSameAs(unknown);
  }

  @Test
  void saysWhichStepIsMissingOrFailed() {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    assertThatThrownBy(() -> registry.upcast("user.added", 1, data))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("user.added from version 1 to 2 failed");
    registry.register("user.added", 5, "{}");
    assertThatThrownBy(() -> registry.upcast("user.added", 4, data))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("no upcaster takes user.added from version 4 to 5");
    assertThatThrownBy(() -> registry.upcast("user.added", 1, JsonNodeFactory.instance.nullNode()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("is no object");
  }

  @Test
  void saysWhichVersionAnEventFailedToReach() {
    assertThatThrownBy(
            () -> registry.upcast("user.added", 3, JsonNodeFactory.instance.objectNode()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("no upcaster takes user.added from version 3 to 4");
  }

  private static CloudEvent event(String json) {
    return CloudEventBuilder.v1()
        .withId("1")
        .withSource(URI.create("/test"))
        .withType("user.added")
        .withDataSchema(URI.create("urn:old"))
        .withData("application/json", json.getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private static String data(CloudEvent event) {
    var data = event.getData();
    return data == null ? "" : new String(data.toBytes(), StandardCharsets.UTF_8);
  }
}
