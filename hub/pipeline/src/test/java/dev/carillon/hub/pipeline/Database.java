package dev.carillon.hub.pipeline;

import dev.carillon.testkit.engines.ClickHouseEngine;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A database of its own in ClickHouse, which is gone afterwards. */
final class Database implements AutoCloseable {

  private final ClickHouse server;
  private final ClickHouse clickHouse;
  private final ClickHouseUrl url;

  Database(ClickHouseEngine engine) throws Exception {
    ClickHouseUrl where = ClickHouseUrl.of(engine.url().toString());
    String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    this.server = new ClickHouse(where);
    this.url = new ClickHouseUrl(where.endpoint(), where.user(), where.password(), name);
    this.clickHouse = new ClickHouse(url);
    server.execute("CREATE DATABASE " + name);
  }

  ClickHouseUrl url() {
    return url;
  }

  ClickHouseStore store() {
    return store(null);
  }

  ClickHouseStore store(@Nullable Integer retentionDays) {
    ClickHouseStore store = new ClickHouseStore(url, retentionDays, "");
    store.start();
    return store;
  }

  void execute(String statement) throws Exception {
    clickHouse.execute(statement);
  }

  /** The column {@code text} of a query's answer. */
  List<String> texts(String query) throws Exception {
    return clickHouse.query(query, Map.of(), row -> row.getString("text"));
  }

  /** What the table of events is made with. */
  String engine() throws Exception {
    return engine("events");
  }

  /** What a table is made with. */
  String engine(String table) throws Exception {
    return texts(
            "SELECT engine_full AS text FROM system.tables"
                + " WHERE database = currentDatabase() AND name = '"
                + table
                + "'")
        .get(0);
  }

  @Override
  public void close() throws Exception {
    server.execute("DROP DATABASE " + url.database());
    clickHouse.close();
    server.close();
  }
}
