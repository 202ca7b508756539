package dev.carillon.hub.amqp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What Qpid is told to be. */
final class BrokerConfiguration {

  private static final String PLAIN = "plain";

  private BrokerConfiguration() {}

  /** As a URL that holds it all, since it holds the password, which no file should. */
  static String dataUrl(String bind, int port, String password) {
    Map<String, Object> provider =
        Map.of(
            "name",
            PLAIN,
            "type",
            "Plain",
            "secureOnlyMechanisms",
            List.of(), // else it takes no password over plain TCP
            "users",
            List.of(
                Map.of(
                    "name",
                    EmbeddedBroker.USER,
                    "type",
                    "managed",
                    "password",
                    password.replace("$", "$$")))); // it fills in what stands in ${}
    Map<String, Object> listener =
        Map.of(
            "name",
            "AMQP",
            "type",
            "AMQP",
            "port",
            Integer.toString(port),
            "bindingAddress",
            bind,
            "authenticationProvider",
            PLAIN,
            "protocols",
            List.of("AMQP_0_9_1"),
            "virtualhostaliases",
            List.of(Map.of("name", "default", "type", "defaultAlias")));
    Map<String, Object> node =
        Map.of(
            "name",
            "default",
            "type",
            "Memory",
            "defaultVirtualHostNode",
            "true",
            "virtualHostInitialConfiguration",
            "{\"type\":\"Memory\"}");
    Map<String, Object> broker =
        Map.of(
            "name",
            "carillon",
            "modelVersion",
            "9.1",
            "authenticationproviders",
            List.of(provider),
            "ports",
            List.of(listener),
            "virtualhostnodes",
            List.of(node));
    try {
      String json = new ObjectMapper().writeValueAsString(broker);
      return "data:application/json;base64,"
          + Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // maps of strings can be written
    }
  }
}
