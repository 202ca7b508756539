package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DatabaseTest {

  @TempDir Path folder;

  @Test
  void saysThatAReadTookTooLong() throws Exception {
    assertThat(answerTo("SELECT sum(hash(a.range + b.range))"))
        .isInstanceOf(LogFullException.class)
        .hasMessage("this takes too long: ask for less at once");
  }

  @Test
  void showsNoSqlToWhoReads() throws Exception {
    assertThat(answerTo("SELECT hidden"))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessage("the database cannot be read now")
        .cause()
        .hasMessageContaining("hidden");
  }

  @Test
  void isUsableAsSoonAsSomethingIsStored() throws Exception {
    try (Database database = new Database(folder.resolve("a.duckdb"), "256MB")) {
      EventTable table = new EventTable(database);
      database.failed(new SQLException("FATAL Error: of an instance that is gone by now"));
      assertThat(database.isUsable()).isFalse();

      LogEntry event =
          LogEntry.builder("1", "/here", "t").time(Instant.EPOCH).data(new byte[] {'1'}).build();
      table.store(1, List.of(event), new Tail(0, 10, 1000, () -> false));

      assertThat(database.isUsable()).isTrue();
    }
  }

  /** What is said to who wants rows that are far too many. */
  private RuntimeException answerTo(String select) throws SQLException {
    try (Database database = new Database(folder.resolve("a.duckdb"), "256MB");
        DuckDBConnection connection = database.reader()) {
      SQLException failure =
          catchThrowableOfType(
              SQLException.class,
              () -> {
                try (PreparedStatement statement =
                    connection.prepareStatement(
                        select + " FROM range(10000000) a, range(100000) b")) {
                  statement.setQueryTimeout(1);
                  statement.executeQuery();
                }
              });
      return database.unread(failure);
    }
  }

  /**
   * Has DuckDB refuse all further work on a file that this process has open, as after a disk that
   * was full at the wrong moment.
   *
   * @param memory what it was opened with
   */
  static void invalidate(Path file, String memory) throws SQLException {
    try (Database same = new Database(file, memory)) {
      DuckDBConnection connection = same.writer();
      Sql.execute(connection, "SET debug_checkpoint_abort = 'before_truncate'");
      Sql.execute(connection, "CREATE OR REPLACE TABLE probe AS SELECT now() AS at");
      assertThatThrownBy(() -> Sql.execute(connection, "CHECKPOINT"))
          .hasMessageContaining("FATAL Error");
    }
  }
}
