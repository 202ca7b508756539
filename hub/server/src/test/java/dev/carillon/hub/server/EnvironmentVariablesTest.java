package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

class EnvironmentVariablesTest {

  private static final Set<String> NOT_ABOUT_THE_HUB = Set.of("--help", "--version");

  @Test
  void everyFlagHasItsVariableAndHelpNamesIt() {
    Set<String> asked = new TreeSet<>();
    CommandLine hub = new CommandLine(new HubCommand());
    hub.setDefaultValueProvider(
        new EnvironmentVariables(
            name -> {
              asked.add(name);
              return null;
            }));
    hub.parseArgs();

    List<OptionSpec> flags =
        hub.getCommandSpec().options().stream()
            .filter(flag -> !NOT_ABOUT_THE_HUB.contains(flag.longestName()))
            .toList();
    assertThat(flags).allSatisfy(flag -> assertThat(flag.names()).hasSize(1));
    assertThat(asked)
        .contains("CARILLON_HTTP_PORT", "CARILLON_EVENTGRID_CERT_KEY")
        .isEqualTo(
            flags.stream().map(flag -> variable(flag.longestName())).collect(Collectors.toSet()));
    assertThat(flags)
        .filteredOn(flag -> !flag.hidden())
        .allSatisfy(
            flag ->
                assertThat(flag.description()[0])
                    .containsPattern(variable(flag.longestName()) + "\\b"));
  }

  private static String variable(String flag) {
    return "CARILLON_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pa$$word",
        "$",
        "a$b$$$c$$",
        "${sys:user.home}",
        "$${env:PATH}",
        "@file",
        "\"a,b\"",
        "-x"
      })
  void aVariableMeansWhatTheFlagMeansToTheLetter(String value) {
    for (String flag : List.of("--api-key", "--amqp-url", "--clickhouse-url", "--bus-key")) {
      CommandLine hub = parsed(Map.of(variable(flag), value));
      assertThat(value(hub, flag)).asString().isEqualTo(value);
    }
  }

  @Test
  void aListHasCommas() {
    Map<String, String> environment =
        Map.of("CARILLON_BUS_TOPIC", "a,$$b", "CARILLON_ANALYTICS_EVENT_NAMES", "*");
    CommandLine hub = parsed(environment);
    assertThat(value(hub, "--bus-topic")).isEqualTo(List.of("a", "$$b"));
    assertThat(value(hub, "--analytics-event-names")).isEqualTo(List.of("*"));

    hub = parsed(environment, "--bus-topic", "c");
    assertThat(value(hub, "--bus-topic")).as("a flag wins").isEqualTo(List.of("c"));
  }

  @Test
  void withNeitherFlagNorVariableThereIsTheDefault() {
    CommandLine hub = parsed(Map.of());
    assertThat(value(hub, "--data")).asString().isEqualTo("./carillon-data");
    assertThat(value(hub, "--http-port")).isEqualTo(8080);
    assertThat(value(hub, "--bus-pub-port")).isEqualTo(5559);
    assertThat(value(hub, "--bus-sub-port")).isEqualTo(5560);
    assertThat(value(hub, "--eventgrid-port")).isEqualTo(8443);
    assertThat(value(hub, "--amqp-port")).isNull();
    assertThat(value(hub, "--api-key")).isNull();
    assertThat(value(hub, "--bus-no-drop")).isEqualTo(false);
    assertThat(value(hub, "--analytics-event-names"))
        .isEqualTo(List.of("event_a", "event_b", "event_c"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bus-no-drop", "--eventgrid-private-targets"})
  void aFlagWithoutAValueIsOnWhateverItsVariableSays(String flag) {
    String variable = variable(flag);
    assertThat(value(parsed(Map.of(), flag), flag)).isEqualTo(true);
    for (String value : List.of("true", "false", "TRUE", "", "no")) {
      assertThat(value(parsed(Map.of(variable, value), flag), flag)).as(value).isEqualTo(true);
    }
    assertThat(value(parsed(Map.of(variable, "true")), flag)).isEqualTo(true);
    assertThat(value(parsed(Map.of(variable, "True")), flag)).isEqualTo(true);
    assertThat(value(parsed(Map.of(variable, "false")), flag)).isEqualTo(false);
    for (String value : List.of("0", "1", "no", "yes", "null", " ")) {
      assertThatThrownBy(() -> parsed(Map.of(variable, value)))
          .isInstanceOf(ParameterException.class)
          .hasMessage(variable + " is neither true nor false: " + value);
    }
  }

  @Test
  void everyFlagWithoutAValueIsTold() {
    assertThat(new CommandLine(new HubCommand()).getCommandSpec().options())
        .filteredOn(flag -> flag.arity().max() == 0)
        .filteredOn(flag -> !NOT_ABOUT_THE_HUB.contains(flag.longestName()))
        .isNotEmpty()
        .allSatisfy(flag -> assertThat(flag.fallbackValue()).isEqualTo("true"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--api-key", "--data", "--http-port", "--bus-no-drop", "--role"})
  void anEmptyVariableIsRefused(String flag) {
    String variable = variable(flag);
    assertThatThrownBy(() -> parsed(Map.of(variable, "")))
        .isInstanceOf(ParameterException.class)
        .hasMessage(variable + " is empty; unset it for the default");
  }

  @Test
  void aNumberThatIsNoneIsRefusedByName() {
    assertThatThrownBy(() -> parsed(Map.of("CARILLON_HTTP_PORT", "many")))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--http-port")
        .hasMessageContaining("many");
  }

  @Test
  void helpDoesNotTellWhatIsInTheEnvironment() {
    Map<String, String> environment =
        Map.of("CARILLON_API_KEY", "hunter2", "CARILLON_CLICKHOUSE_URL", "http://u:hunter2@h");
    assertThat(parsed(environment).getUsageMessage())
        .contains("CARILLON_API_KEY")
        .doesNotContain("hunter2");
  }

  @Test
  void helpIsThereThoughAVariableIsWrong() {
    CommandLine hub =
        parsed(Map.of("CARILLON_HTTP_PORT", "many", "CARILLON_API_KEY", ""), "--help");
    assertThat(hub.isUsageHelpRequested()).isTrue();
  }

  private static CommandLine parsed(Map<String, String> environment, String... flags) {
    CommandLine hub = new CommandLine(new HubCommand());
    hub.setDefaultValueProvider(new EnvironmentVariables(environment::get));
    hub.parseArgs(flags);
    return hub;
  }

  private static Object value(CommandLine hub, String flag) {
    return hub.getCommandSpec().findOption(flag).getValue();
  }
}
