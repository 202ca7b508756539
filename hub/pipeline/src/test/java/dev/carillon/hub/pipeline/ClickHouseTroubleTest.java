package dev.carillon.hub.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.LogUnavailableException;
import dev.carillon.hub.store.StoreBusyException;
import dev.carillon.testkit.engines.ClickHouseEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store whose ClickHouse does not answer, or does not take what it is given. */
@Timeout(120)
final class ClickHouseTroubleTest {

  @TempDir private static Path folder;
  private static ClickHouseEngine engine;

  @BeforeAll
  static void startEngine() {
    engine = ClickHouseEngine.start(folder.resolve("clickhouse"));
  }

  @AfterAll
  static void stopEngine() {
    engine.close();
  }

  @Test
  void isNotWritableWhileEventsAloneAreRefused() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(10, 50).placed(200);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      store.write(new Batch("part", operations.subList(0, 100), 100));
      assertThat(store.isWritable()).isTrue();
      database.execute(
          "ALTER TABLE events MODIFY SETTING parts_to_throw_insert = 1, parts_to_delay_insert = 0");

      Batch rest = new Batch("part", operations.subList(100, 200), 200);
      assertThatThrownBy(() -> store.write(rest)).hasMessageContaining("252");
      assertThat(store.isWritable()).isFalse();

      database.execute(
          "ALTER TABLE events RESET SETTING parts_to_throw_insert, parts_to_delay_insert");
      assertThat(store.isWritable()).isTrue();
      store.write(rest);
      ClickHouseStoreTest.assertHolds(store, operations);
      assertThat(store.position("part")).isEqualTo(200);
    }
  }

  @Test
  void failsReadsAtOnceWhileNothingAnswers() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ClickHouseStore store =
            new ClickHouseStore(
                ClickHouseUrl.of("http://127.0.0.1:" + mute.getLocalPort()), null, "")) {
      store.start();
      List<CompletableFuture<Optional<EventVersion>>> before =
          Stream.generate(() -> store.find(UUID.randomUUID())).limit(200).toList();

      for (CompletableFuture<Optional<EventVersion>> read : before) {
        assertThatThrownBy(() -> read.get(15, TimeUnit.SECONDS))
            .hasCauseInstanceOf(LogUnavailableException.class);
      }
      assertThat(store.find(UUID.randomUUID())).isCompletedExceptionally();
      assertThatThrownBy(() -> store.position("part")).isInstanceOf(IOException.class);
      assertThat(store.isWritable()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "75, true", // CANNOT_WRITE_TO_FILE_DESCRIPTOR
    "159, true", // TIMEOUT_EXCEEDED
    "173, true", // CANNOT_ALLOCATE_MEMORY
    "241, true", // MEMORY_LIMIT_EXCEEDED
    "243, true", // NOT_ENOUGH_SPACE
    "439, true", // CANNOT_SCHEDULE_TASK
    "469, false", // VIOLATED_CONSTRAINT
  })
  void isBusyWhenItIsShortOfSomething(int code, boolean busy) throws Exception {
    List<String> queries = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] text = ("Code: " + code + ". DB::Exception: no").getBytes(UTF_8);
          exchange.getRequestBody().readAllBytes();
          queries.add(exchange.getRequestURI().getQuery());
          exchange.getResponseHeaders().add("X-ClickHouse-Exception-Code", "" + code);
          exchange.sendResponseHeaders(500, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    try (ClickHouse clickHouse =
        new ClickHouse(ClickHouseUrl.of("http://127.0.0.1:" + server.getAddress().getPort()))) {
      assertThatThrownBy(() -> clickHouse.insert("events", List.of("id"), out -> {}, "token"))
          .hasMessageContaining("Code: " + code)
          .isExactlyInstanceOf(busy ? StoreBusyException.class : IOException.class);
      assertThat(queries) // else it would return before the rows are there, if the user has it so
          .isNotEmpty()
          .allSatisfy(query -> assertThat(query).contains("async_insert=0"));
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert_quorum = 2 | 2",
        "insert_quorum = 1, insert_quorum_parallel = 0 | 2",
        "insert_quorum = 2, insert_quorum_parallel = 0 | 1",
        "insert_quorum = 'auto', insert_quorum_parallel = 0 | 1",
      },
      quoteCharacter = '"')
  void insertsOneByOneWhereAQuorumAsksForIt(String settings, String atATime) throws Exception {
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      Awaitility.await().until(store::isReady);
      assertThat(store.writesAtATime()).isEqualTo(2);
      String asked = "SELECT toString(writes) AS text FROM (%s) SETTINGS %s";
      assertThat(database.texts(asked.formatted(ClickHouseStore.WRITES, settings)))
          .containsExactly(atATime);
    }
  }

  @Test
  void keepsAnOperationSetAsideWithItsReason() throws Exception {
    Batch.Placed operation = new RandomOperations(4, 1).placed(1).get(0);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      store.add("part", operation, "it's\tnot\nto be");
      store.add("part", operation, "it's\tnot\nto be");

      assertThat(database.texts("SELECT reason AS text FROM dead_letters FINAL"))
          .containsExactly("it's\tnot\nto be");
    }
  }
}
