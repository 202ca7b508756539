package dev.carillon.testkit.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class ClickHouseEngineTest {

  private static final String TABLE =
      """
      CREATE OR REPLACE TABLE engine_test (id String, n Int64, v UInt64)
      ENGINE = ReplacingMergeTree(v) ORDER BY id
      SETTINGS non_replicated_deduplication_window = 100""";

  @TempDir private Path folder;

  @Test
  void answersTheJavaClientAndKeepsItsDataThroughAKill() throws Exception {
    try (ClickHouseEngine engine = ClickHouseEngine.start(folder.resolve("clickhouse"));
        Client client = client(engine)) {
      client.execute(TABLE).get(30, TimeUnit.SECONDS);
      insert(client, "first", "{\"id\":\"a\",\"n\":1,\"v\":1}{\"id\":\"b\",\"n\":5,\"v\":1}");
      insert(client, "second", "{\"id\":\"a\",\"n\":2,\"v\":2}");
      insert(client, "second", "{\"id\":\"a\",\"n\":2,\"v\":2}");

      assertThat(numbers(client, "SELECT count() AS n FROM engine_test")).containsExactly(3L);

      engine.kill();
      engine.restart();

      String newest = "SELECT n FROM engine_test FINAL ORDER BY n";
      assertThat(numbers(client, newest)).containsExactly(2L, 5L);
    }
  }

  @Test
  void takesRowsOfAnyBytes() throws Exception {
    try (ClickHouseEngine engine = ClickHouseEngine.start(folder.resolve("clickhouse"));
        Client client = client(engine)) {
      client
          .execute("CREATE TABLE bytes (n UInt64) ENGINE = MergeTree ORDER BY n")
          .get(30, TimeUnit.SECONDS);
      ByteBuffer rows = ByteBuffer.allocate(8 * 70_000).order(ByteOrder.LITTLE_ENDIAN);
      for (long n = 0; n < 70_000; n++) {
        rows.putLong(n);
      }
      client
          .insert("bytes", new ByteArrayInputStream(rows.array()), ClickHouseFormat.RowBinary)
          .get(30, TimeUnit.SECONDS)
          .close();

      assertThat(numbers(client, "SELECT uniqExact(n) AS n FROM bytes")).containsExactly(70_000L);
    }
  }

  @Test
  void fillsInTypedParametersAndSaysWhatIsWrong() throws Exception {
    try (ClickHouseEngine engine = ClickHouseEngine.start(folder.resolve("clickhouse"));
        Client client = client(engine)) {
      String injected = "'; DROP TABLE x; --\t\\";
      String escaped = injected.replace("\\", "\\\\").replace("\t", "\\t");
      List<GenericRecord> rows =
          client.queryAll("SELECT length({text:String}) AS n", Map.of("text", escaped));

      assertThat(rows.get(0).getLong("n")).isEqualTo(injected.length());
      assertThatThrownBy(() -> client.queryAll("SELECT no_such_column"))
          .hasStackTraceContaining("UNKNOWN_IDENTIFIER");
    }
  }

  private static Client client(ClickHouseEngine engine) {
    return new Client.Builder()
        .addEndpoint(engine.url().toString())
        .setUsername("default")
        .setPassword("")
        .compressServerResponse(false)
        .build();
  }

  private static void insert(Client client, String token, String rows) throws Exception {
    client
        .insert(
            "engine_test",
            new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8)),
            ClickHouseFormat.JSONEachRow,
            new InsertSettings().setDeduplicationToken(token))
        .get(30, TimeUnit.SECONDS)
        .close();
  }

  private static List<Long> numbers(Client client, String query) {
    return client.queryAll(query).stream().map(row -> row.getLong("n")).toList();
  }
}
