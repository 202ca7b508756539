package dev.carillon.hub.pipeline;

import dev.carillon.testkit.engines.ClickHouseEngine;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A database of its own in ClickHouse, which is gone afterwards. */
final class Database implements AutoCloseable {

  private final ClickHouse clickHouse;
  private final ClickHouseUrl url;

  Database(ClickHouseEngine engine) throws Exception {
    ClickHouseUrl server = ClickHouseUrl.of(engine.url().toString());
    String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    this.clickHouse = new ClickHouse(server);
    this.url = new ClickHouseUrl(server.endpoint(), server.user(), server.password(), name);
    clickHouse.execute("CREATE DATABASE " + name);
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

  @Override
  public void close() throws Exception {
    clickHouse.execute("DROP DATABASE " + url.database());
    clickHouse.close();
  }
}
