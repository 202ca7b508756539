package dev.carillon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule, run over code below {@code wrong} that breaks it. */
class RulesCanFailTest {

  private static final String WRONG = "dev.carillon.architecture.wrong";
  private static final JavaClasses CLASSES = Sources.wrong(WRONG);

  @ParameterizedTest
  @CsvSource({
    "core, core.SeesAClient",
    "resilience, resilience.SeesAClient",
    "schemas, schemas.SeesAClient",
    "formats, formats.SeesAClient",
    "memory, memory.SeesAnotherClient",
    "dataservices, dataservices.SeesItBack",
    "analytics, analytics.SeesTheCore",
    "hub.store, hub.store.SeesTheServer",
    "hub.server, hub.server.SeesAClient"
  })
  void findsAWrongArrow(String module, String culprit) {
    assertThat(complaints(Arrows.of(WRONG, module)))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains(WRONG + "." + culprit));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.duckdb..",
        "java.sql..",
        "io.vertx..",
        "dev.failsafe..",
        "com.networknt..",
        "com.google.protobuf..",
        "org.msgpack..",
        "com.rabbitmq..",
        "org.apache.qpid.."
      })
  void findsALibraryOutsideItsModule(String library) {
    assertThat(complaints(Arrows.library(WRONG, library, "hub.store")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("SeesAll"));
  }

  @Test
  void findsACycle() {
    assertThat(complaints(Arrows.noCycles(WRONG))).anyMatch(line -> line.contains("Cycle"));
  }

  @Test
  void findsNamesThatSayNothing() {
    assertThat(complaints(Manners.noEmptyNames(WRONG)))
        .anyMatch(line -> line.contains("EventManager"))
        .anyMatch(line -> line.contains("util.Thing"))
        .noneMatch(line -> line.contains("Implicit") || line.contains("HttpClientHelper"));
  }

  @Test
  void findsAPackageThatIsNotNullMarked() {
    assertThat(complaints(Manners.nullMarkedPackages(WRONG)))
        .isNotEmpty()
        .allMatch(line -> line.contains("unmarked"));
  }

  @Test
  void findsConsoleOutput() {
    assertThat(complaints(Manners.noStandardStreams(WRONG)))
        .isNotEmpty()
        .allMatch(line -> line.contains("Talks"));
  }

  @Test
  void findsJavaUtilLogging() {
    assertThat(complaints(Manners.noJavaUtilLogging(WRONG)))
        .isNotEmpty()
        .allMatch(line -> line.contains("LogsElsewhere"));
  }

  @Test
  void findsBothWaysToSleep() {
    assertThat(complaints(Manners.noSleep(WRONG)))
        .anyMatch(line -> line.contains("inThread"))
        .anyMatch(line -> line.contains("inTimeUnit"));
  }

  @Test
  void findsAModuleWithTooManyPublicTypes() {
    assertThat(Walls.complaint(CLASSES, WRONG, "memory"))
        .hasValueSatisfying(text -> assertThat(text).contains("1 of 1", "SeesAnotherClient"));
    assertThat(Walls.complaint(CLASSES, WRONG, "manners")).isEmpty();
  }

  @Test
  void findsAPublicTypeThatIsNotListed() {
    assertThat(Walls.complaint(CLASSES, WRONG, "hub.store"))
        .hasValueSatisfying(text -> assertThat(text).contains("NotListed"));
  }

  private static List<String> complaints(ArchRule rule) {
    return rule.evaluate(CLASSES).getFailureReport().getDetails();
  }
}
