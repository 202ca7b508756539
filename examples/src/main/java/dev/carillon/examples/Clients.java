package dev.carillon.examples;

import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.HttpClientHelper;
import java.util.List;
import java.util.function.Supplier;

/** The three ways to make a client, and its options. */
public final class Clients {

  private Clients() {}

  /** Makes one of each. */
  public static List<EventClient> make(String url, Supplier<String> urlProvider, String apiKey) {
    // docs:begin clients
    EventClient direct = EventClient.of(url);
    EventClient provided = EventClient.of(urlProvider);
    EventClient shared = EventClient.of(HttpClientHelper.configureHttpClient(url));
    EventClient withOptions = EventClient.builder().url(url).apiKey(apiKey).maxInFlight(16).build();
    // docs:end clients
    return List.of(direct, provided, shared, withOptions);
  }
}
