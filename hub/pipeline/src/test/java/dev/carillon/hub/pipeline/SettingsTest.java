package dev.carillon.hub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.hub.pipeline.Pipeline.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

  @ParameterizedTest
  @CsvSource({
    "http://host, http://host:8123, default, '', default",
    "https://host/, https://host:8443, default, '', default",
    "http://me:p%40ss%3Aword@host:1/db, http://host:1, me, p@ss:word, db",
    "http://me@[::1]:9/db/, http://[::1]:9, me, '', db"
  })
  void readsWhereClickHouseIs(
      String url, String endpoint, String user, String password, String database) {
    ClickHouseUrl read = ClickHouseUrl.of(url);

    assertThat(read.endpoint()).hasToString(endpoint);
    assertThat(read.user()).isEqualTo(user);
    assertThat(read.password()).isEqualTo(password);
    assertThat(read.database()).isEqualTo(database);
    if (!password.isEmpty()) {
      assertThat(read.toString()).doesNotContain(password).contains("me:***@");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cret",
        "ftp://u:s3cret@host",
        "http:/u:s3cret",
        "http://u:s3cret @host",
        "",
        "http://u:12/s3cret@host:8123/db",
        "http://u:1@host/db?s3cret"
      })
  void refusesOtherUrlsWithoutRepeatingThem(String url) {
    assertThatThrownBy(() -> ClickHouseUrl.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ClickHouse URL")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:port", "a:1,,b:2", "u:s3cret@host:1", "http://h:1"})
  void refusesBrokersThatAreNone(String brokers) {
    assertThatThrownBy(() -> KafkaSettings.of(brokers, "events"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void showsNoPropertyOfKafka() {
    KafkaSettings settings =
        new KafkaSettings("a:1, b:2", "events", Map.of("sasl.jaas.config", "s3cret"));

    assertThat(settings.toString()).doesNotContain("s3cret");
    assertThat(settings.client(Map.of("acks", "all")))
        .containsEntry("bootstrap.servers", "a:1,b:2")
        .containsEntry("sasl.jaas.config", "s3cret")
        .containsEntry("acks", "all");
  }

  @ParameterizedTest
  @CsvSource({
    "acks, 1",
    "enable.idempotence, false",
    "enable.auto.commit, true",
    "auto.offset.reset, latest",
    "partitioner.class, org.apache.kafka.clients.producer.RoundRobinPartitioner",
    "partitioner.ignore.keys, true"
  })
  void refusesPropertiesThatTakeAwayWhatIsPromised(String name, String value) {
    assertThatThrownBy(() -> new KafkaSettings("a:1", "events", Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name + ",");
    Map<String, String> same = Map.of("acks", "-1", "enable.idempotence", "TRUE ", "retries", "9");
    assertThat(new KafkaSettings("a:1", "events", same).properties()).isEqualTo(same);
  }

  @Test
  void givesEachTopicAGroupOfItsOwn() {
    assertThat(KafkaSettings.of("a:1", "events").group()).isEqualTo("event-consumer-group");
    assertThat(KafkaSettings.of("a:1", "other").group()).isEqualTo("event-consumer-group-other");
  }

  @Test
  void saysThatABrokerHasNoAddress(@TempDir Path folder) {
    KafkaSettings kafka = KafkaSettings.of("nowhere.invalid:9092", "events");
    Pipeline pipeline = new Pipeline(kafka, ClickHouseUrl.of("http://127.0.0.1:1"), Role.API);

    assertThatThrownBy(() -> pipeline.open(folder, Duration.ZERO, Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Kafka cannot be used");
  }

  @Test
  void needsKafkaAndClickHouseForOneRoleAlone() {
    KafkaSettings kafka = KafkaSettings.of("a:1", "events");
    ClickHouseUrl url = ClickHouseUrl.of("http://host");

    new Pipeline(kafka, url, Pipeline.Role.API).check();
    assertThatThrownBy(new Pipeline(kafka, null, Pipeline.Role.API)::check)
        .hasMessageContaining("--store clickhouse");
    assertThatThrownBy(new Pipeline(null, url, Pipeline.Role.WRITER)::check)
        .hasMessageContaining("--ingest kafka");
  }
}
