package dev.carillon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The project keeps its own rules; {@link RulesCanFailTest} shows that each of them bites. */
class ProjectTest {

  /** Modules whose whole content is there to be seen. */
  private static final Set<String> OPEN = Set.of("core", "testkit", "examples");

  private static final JavaClasses MAIN = Sources.main();

  static Set<String> modules() {
    return new TreeSet<>(Modules.MAY_SEE.keySet());
  }

  static List<String> walledModules() {
    return modules().stream().filter(module -> !OPEN.contains(module)).toList();
  }

  @Test
  void knowsEveryModule() {
    Set<String> built = new TreeSet<>(Sources.folders().stream().map(Modules::ofFolder).toList());
    built.remove("architecture");

    assertThat(modules()).isEqualTo(built);
  }

  @Test
  void seesTheClassesOfEveryModuleWithSources() {
    List<String> unseen =
        Sources.folders().stream()
            .filter(folder -> Sources.hasSources(folder))
            .map(folder -> Sources.ROOT + "." + Modules.ofFolder(folder))
            .filter(name -> MAIN.stream().noneMatch(t -> t.getPackageName().equals(name)))
            .toList();

    assertThat(unseen).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void seesOnlyWhatItMay(String module) {
    Arrows.of(Sources.ROOT, module).check(MAIN);
  }

  @ParameterizedTest
  @MethodSource("walledModules")
  void keepsMostTypesToItself(String module) {
    assertThat(Walls.complaint(MAIN, Sources.ROOT, module)).isEmpty();
  }

  @Test
  void hasNoCycles() {
    Arrows.noCycles(Sources.ROOT).check(MAIN);
  }

  @Test
  void keepsDuckDbInTheStore() {
    Arrows.library(Sources.ROOT, "org.duckdb..", "hub.store", "benchmarks").check(MAIN);
    Arrows.library(Sources.ROOT, "java.sql..", "hub.store", "benchmarks").check(MAIN);
  }

  @Test
  void keepsKafkaAndClickHouseInThePipeline() {
    String[] owners = {"hub.pipeline", "testkit.engines", "benchmarks"};
    Arrows.library(Sources.ROOT, "org.apache.kafka..", owners).check(MAIN);
    Arrows.library(Sources.ROOT, "com.clickhouse..", owners).check(MAIN);
  }

  @Test
  void keepsVertxInTheHub() {
    Arrows.library(Sources.ROOT, "io.vertx..", "hub.server", "hub.eventgrid", "benchmarks")
        .check(MAIN);
  }

  @Test
  void keepsAzuresSdkInItsClient() {
    Arrows.library(Sources.ROOT, "com.azure..", "eventgrid", "examples", "benchmarks").check(MAIN);
  }

  @Test
  void keepsAmqpWhereItIsSpoken() {
    Arrows.library(Sources.ROOT, "com.rabbitmq..", "amqp", "rabbitmq", "hub.amqp", "benchmarks")
        .check(MAIN);
    Arrows.library(Sources.ROOT, "org.apache.qpid..", "hub.amqp").check(MAIN);
  }

  @Test
  void keepsFailsafeInResilienceAndTheClientWithoutDependencies() {
    Arrows.library(Sources.ROOT, "dev.failsafe..", "resilience", "analytics", "benchmarks")
        .check(MAIN);
  }

  @Test
  void keepsTheValidatorInSchemas() {
    Arrows.library(Sources.ROOT, "com.networknt..", "schemas").check(MAIN);
  }

  @Test
  void keepsProtobufAndMessagePackInFormats() {
    Arrows.library(Sources.ROOT, "com.google.protobuf..", "formats").check(MAIN);
    Arrows.library(Sources.ROOT, "org.msgpack..", "formats").check(MAIN);
  }

  @Test
  void keepsZeroMqOnTheBus() {
    Arrows.library(Sources.ROOT, "org.zeromq..", "zeromq", "eventbus", "hub.bus", "benchmarks")
        .check(MAIN);
    Arrows.library(Sources.ROOT, "zmq..", "hub.bus", "benchmarks").check(MAIN);
  }

  @Test
  void usesNoEmptyNames() {
    Manners.noEmptyNames(Sources.ROOT).check(MAIN);
  }

  @Test
  void marksEveryPackage() {
    Manners.nullMarkedPackages(Sources.ROOT).check(MAIN);
  }

  @Test
  void leavesTheConsoleAlone() {
    Manners.noStandardStreams(Sources.ROOT).check(MAIN);
  }

  @Test
  void logsThroughSlf4j() {
    Manners.noJavaUtilLogging(Sources.ROOT).check(MAIN);
  }

  @Test
  void neverSleeps() {
    Manners.noSleep(Sources.ROOT).check(MAIN);
  }

  @Test
  void neverSleepsInTests() {
    Manners.noSleep(Sources.ROOT).check(Sources.tests());
  }
}
