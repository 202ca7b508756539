package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsClientBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the analytics service is. */
final class AnalyticsAddress {

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The service's base URL. Default: ${DEFAULT-VALUE}.")
  private String url = "";

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      defaultValue = "${env:CARILLON_API_KEY}",
      description = "The service's key. Default: the variable CARILLON_API_KEY.")
  private @Nullable String apiKey;

  AnalyticsAddress() {}

  AnalyticsClient client(CommandSpec spec) {
    AnalyticsClientBuilder builder = AnalyticsClient.builder().baseUrl(url);
    if (apiKey != null && !apiKey.isEmpty()) {
      builder.apiKey(apiKey);
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--url: " + e.getMessage());
    }
  }
}
