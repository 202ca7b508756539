package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DatabaseTest {

  @TempDir Path folder;

  @Test
  void saysThatAReadTookTooLong() throws Exception {
    assertThat(Database.unread(failureOf("SELECT sum(hash(a.range + b.range))")))
        .isInstanceOf(LogFullException.class)
        .hasMessage("this takes too long: ask for less at once");
  }

  @Test
  void showsNoSqlToWhoReads() throws Exception {
    SQLException failure = failureOf("SELECT hidden");
    assertThat(failure.getMessage()).contains("hidden");
    assertThat(Database.unread(failure))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessage("the database cannot be read now");
  }

  /** Why rows that are far too many cannot be read. */
  private SQLException failureOf(String select) throws SQLException {
    try (Database database = new Database(folder.resolve("a.duckdb"), "256MB");
        DuckDBConnection connection = database.reader()) {
      return catchThrowableOfType(
          SQLException.class,
          () -> {
            try (PreparedStatement statement =
                connection.prepareStatement(select + " FROM range(10000000) a, range(100000) b")) {
              statement.setQueryTimeout(1);
              statement.executeQuery();
            }
          });
    }
  }
}
