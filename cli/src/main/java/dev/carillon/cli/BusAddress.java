package dev.carillon.cli;

import dev.carillon.eventbus.EventBusClient;
import dev.carillon.eventbus.EventBusClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a bus is, and how to be let in. */
final class BusAddress {

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "localhost",
      description = "The proxy's host. Default: ${DEFAULT-VALUE}.")
  private String host = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Own secret CURVE key file, as made by the command keys.")
  private @Nullable Path key;

  @Option(
      names = "--server-key",
      paramLabel = "FILE",
      description = "The proxy's public CURVE key file.")
  private @Nullable Path serverKey;

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long to look for the proxy. Default: ${DEFAULT-VALUE}.")
  private int connectTimeout;

  BusAddress() {}

  /**
   * A builder for this address.
   *
   * @throws IOException if a key file cannot be read, or one is missing
   */
  EventBusClientBuilder<AnyEvent, String, String> builder() throws IOException {
    EventBusClientBuilder<AnyEvent, String, String> builder =
        EventBusClient.builder(AnyEvent.class, String.class, String.class)
            .objectMapper(LineJson.EXACT)
            .host(host)
            .connectTimeout(Duration.ofSeconds(Math.max(1, connectTimeout)));
    if (key != null && serverKey != null) {
      builder.curve(key, serverKey);
    } else if (key != null || serverKey != null) {
      throw new IOException("--key and --server-key need each other");
    }
    return builder;
  }
}
