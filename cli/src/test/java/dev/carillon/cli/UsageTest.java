package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  static Stream<String> commands() {
    return Main.commandLine().getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    Run run = Run.of("help", command);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: carillon " + command, "-h, --help");
  }

  @Test
  void helpGoesDownToTheCommandsBelow() {
    assertThat(Run.of("help", "publish", "rabbitmq").out())
        .contains("Usage: carillon publish rabbitmq");
    Run none = Run.of("help", "publish", "nothing");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("carillon publish nothing");
  }

  @Test
  void publishHelpShowsDefaultsAndEveryFlag() {
    assertThat(Run.of("publish", "dataservices", "--help").out())
        .contains("http://127.0.0.1:8080", "--file", "--topic", "--data", "CARILLON_API_KEY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "publish",
        "publish dataservices",
        "publish dataservices --file no-such-file.ndjson",
        "publish dataservices --file .",
        "publish dataservices --file x --topic t --data {}",
        "publish dataservices --topic t",
        "publish dataservices --topic t --data nonsense",
        "publish dataservices --topic t --data [1]",
        "publish dataservices --topic t --data {} --no-such-flag",
        "publish dataservices --url not-a-url --topic t --data {}",
        "publish analytics",
        "publish analytics --file no-such-file.ndjson",
        "publish analytics --conversation c",
        "publish analytics --conversation c --event-name e --latency -1",
        "publish analytics --conversation c --event-name e --metadata {",
        "publish analytics --conversation c --event-name e --id x",
        "publish analytics --url not-a-url --conversation c --event-name e",
        "query",
        "query nonsense",
        "query event",
        "query event no-uuid",
        "query errors --days 0",
        "query errors --limit 5",
        "query latency --limit -1",
        "query conversation c --days 7",
        "query errors --from yesterday",
        "query timeline --bucket PT0.1S",
        "query timeline --bucket week",
        "query totals --to 2026-11",
        "query latency --url not-a-url",
        "publish eventbus",
        "publish eventbus --topic t",
        "publish eventbus --topic t --type a --data [1]",
        "publish eventbus --topic t --type a --data nonsense",
        "publish eventbus --topic t --type a --data {\"type\":\"b\"}",
        "publish eventbus --topic t --file no-such-file.ndjson",
        "publish eventbus --topic t --type a --key only-one",
        "publish eventbus --topic t --type a --pub-port 70000",
        "publish eventbus --topic t --type a --pub-port 0",
        "publish eventbus --topic t --type a --pub-port -1",
        "publish eventbus --topic t --type a --ack-port -1",
        "listen",
        "listen eventbus",
        "listen eventbus --topic t --count many",
        "listen eventbus --topic t --count 0",
        "listen eventbus --topic t --timeout -5",
        "listen rabbitmq --timeout nan",
        "listen eventbus --topic t --count -1",
        "listen eventbus --topic t --sub-port 70000",
        "listen eventbus --topic t --sub-port -1",
        "listen rabbitmq --count 0",
        "keys",
        "demo --data-file no-such-file.ndjson",
        "test",
        "bench"
      })
  void wrongUsageIsSaidAndExitsWithTwo(String line) {
    Run run = Run.of(line.isEmpty() ? new String[0] : line.split(" ", -1));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("carillon: ").contains("--help").doesNotContain("\tat ");
  }

  @Test
  void namesTheOptionThatIsOutOfItsRange() {
    assertThat(Run.of("publish", "eventbus", "--topic", "t", "--pub-port", "-1").err())
        .contains("'--pub-port'", "'-1' is not a port, 1 to 65535");
    assertThat(Run.of("listen", "eventbus", "--topic", "t", "--count", "0").err())
        .contains("'--count'", "'0' is not a whole number, 1 or more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query errors",
        "publish analytics --conversation c --event-name e",
        "publish dataservices --topic t --data {}"
      })
  void namesTheKeyThatNoHeaderCanCarryAndDoesNotPrintIt(String line) {
    Run run = Run.of((line + " --api-key secret\r").split(" ", -1));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--api-key: ").doesNotContain("--url", "secret");
  }

  @Test
  void tellsItsVersion() {
    assertThat(Run.of("--version").out()).startsWith("carillon ").contains("Java ");
  }

  @Test
  void completionKnowsCommandsAndFlags() {
    Run run = Run.of("completion");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("complete -F _complete_carillon", "publish", "dataservices", "--topic", "bench")
        .contains("analytics", "--conversation", "query", "top-errors", "--bucket");
  }
}
