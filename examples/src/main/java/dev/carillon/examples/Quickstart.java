// docs:begin quickstart
package dev.carillon.examples;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.EventQuery;
import java.util.Map;

/** Publishes one event to a hub on this machine and reads it back. */
public final class Quickstart {

  private Quickstart() {}

  /** Runs against {@code http://127.0.0.1:8080}, or the URL that is given. */
  public static void main(String[] args) {
    String url = args.length == 0 ? "http://127.0.0.1:8080" : args[0];
    try (EventClient client = EventClient.of(url)) {
      var confirmation =
          client.publishEvent(
              EventMessage.builder()
                  .topic("sample.processed")
                  .subjects("sample-123")
                  .data(Map.of("operator", "lab_tech_1", "status", "completed"))
                  .tags("laboratory", "processing")
                  .build());
      System.out.println("published: " + confirmation);

      EventQuery newest = EventQuery.builder().topic("sample.*").newestFirst().build();
      client.queryEvents(newest, 10, 0).forEach(event -> System.out.println("read back: " + event));
    }
  }
}
// docs:end quickstart
