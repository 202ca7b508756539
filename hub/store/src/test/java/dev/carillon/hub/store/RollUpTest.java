package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.hub.store.Operation.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollUpTest {

  @TempDir Path folder;

  @Test
  void preparesTheDaysThoughTheConversationsCannotBe() throws Exception {
    try (Database database = new Database(folder.resolve("a.duckdb"), "256MB")) {
      VersionTable table = new VersionTable(database);
      table.write(new Batch("part", List.of(create(1)), 1));
      try (DuckDBConnection connection = database.reader()) {
        Sql.execute(connection, "ALTER TABLE sessions RENAME TO hidden");
        assertThatThrownBy(() -> RollUp.refresh(connection)).isInstanceOf(SQLException.class);
        assertThat(RollUp.findStaleDays(connection)).isFalse();
        assertThat(Sql.number(connection, "SELECT sum(events)::BIGINT FROM days")).isEqualTo(1);

        table.write(new Batch("part", List.of(create(2)), 2));
        assertThat(RollUp.findStaleDays(connection)).isTrue();
        Sql.execute(connection, "ALTER TABLE hidden RENAME TO sessions");
        assertThat(RollUp.findStaleConversations(connection)).isEqualTo(1);
        RollUp.refresh(connection);
        assertThat(RollUp.isStale(connection)).isFalse();
        assertThat(RollUp.findStaleDays(connection)).isFalse();
        assertThat(RollUp.findStaleConversations(connection)).isZero();
        assertThat(Sql.number(connection, "SELECT sum(events)::BIGINT FROM days")).isEqualTo(2);
      }
    }
  }

  private static Batch.Placed create(int position) {
    EventFields fields =
        EventFields.builder().conversationId("c").eventName("event_a").latency(1.0).build();
    Instant at = Instant.parse("2026-03-02T08:00:00Z");
    return new Batch.Placed(position, new Operation(Kind.CREATE, UUID.randomUUID(), at, fields));
  }
}
