package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredKeysTest {

  @TempDir Path folder;

  @Test
  void loadsTheKeysOfAllRowsHoweverFarApart() throws Exception {
    try (Database database = new Database(folder.resolve("a.duckdb"), "256MB")) {
      Sql.execute(database.writer(), "CREATE TABLE rows (position BIGINT, key BIGINT)");
      StoredKeys none = new StoredKeys();
      assertThat(none.mightContain(1)).isTrue(); // before it is known
      load(none, database);
      assertThat(none.mightContain(1)).isFalse();

      Sql.execute(
          database.writer(),
          "INSERT INTO rows VALUES (7, 1), (8, 2), (1000006, 3), (1000007, 4), (5000000, 5)");
      StoredKeys five = new StoredKeys();
      load(five, database);
      for (long key = 1; key <= 5; key++) {
        assertThat(five.mightContain(key)).isTrue();
      }
      assertThat(five.mightContain(6)).isFalse();
    }
  }

  private static void load(StoredKeys keys, Database database) throws Exception {
    keys.load(database, "rows", "position", "key", row -> row.getLong(1));
  }
}
