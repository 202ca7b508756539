package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.hub.pipeline.Pipeline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnalyticsConfigTest {

  @Test
  void takesRetentionsOfUpToAHundredYears() {
    retention(0).check();
    retention(36_500).check();
    assertThatThrownBy(retention(36_501)::check)
        .hasMessageContaining("retention")
        .hasMessageContaining("36500 days");
    assertThatThrownBy(retention(Integer.MAX_VALUE)::check).hasMessageContaining("36500 days");
    assertThatThrownBy(retention(-1)::check).hasMessageContaining("negative");
  }

  private static AnalyticsConfig retention(int days) {
    return new AnalyticsConfig(List.of("*"), Duration.ofDays(days), Pipeline.EMBEDDED);
  }
}
