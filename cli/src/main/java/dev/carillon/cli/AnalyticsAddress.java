package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsClientBuilder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** Where the analytics service is. */
final class AnalyticsAddress {

  @Mixin private ServiceAddress service = new ServiceAddress();

  AnalyticsAddress() {}

  AnalyticsClient client(CommandSpec spec) {
    AnalyticsClientBuilder builder = AnalyticsClient.builder();
    return service.client(spec, builder::baseUrl, builder::apiKey, builder::build);
  }
}
