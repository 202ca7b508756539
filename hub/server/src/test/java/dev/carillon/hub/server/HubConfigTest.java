package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HubConfigTest {

  @Test
  void keepsEventsForeverOrForUpToAHundredYears() {
    assertThat(config().eventRetention()).isZero();
    assertThat(config("--event-retention-days=36500").eventRetention())
        .isEqualTo(Duration.ofDays(36_500));
    for (String days : new String[] {"36501", "2147483647"}) {
      assertThatThrownBy(config("--event-retention-days=" + days)::check)
          .hasMessage("the retention of events is longer than 36500 days (0 keeps all)");
    }
    assertThatThrownBy(config("--event-retention-days=-1")::check)
        .hasMessage("the retention of events is negative");
  }

  @Test
  void refusesWhatAProcessWithoutAnEventLogCannotDo() {
    role("--api-key=k").check();
    assertThatThrownBy(role("--event-retention-days=1")::check)
        .hasMessageContaining("--event-retention-days");
    assertThatThrownBy(role("--amqp-port=0")::check).hasMessageContaining("AMQP");
  }

  private static HubConfig role(String flag) {
    return config(
        "--ingest=kafka",
        "--kafka-brokers=127.0.0.1:1",
        "--store=clickhouse",
        "--clickhouse-url=http://127.0.0.1:1",
        "--role=api",
        flag);
  }

  private static HubConfig config(String... flags) {
    return RunningHub.config(Path.of("data"), flags);
  }
}
