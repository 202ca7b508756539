package dev.carillon.architecture.wrong.manners;

import dev.failsafe.Failsafe;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.util.List;
import org.duckdb.DuckDBConnection;

class SeesAll {
  static List<Class<?>> all() {
    return List.of(Failsafe.class, Vertx.class, Connection.class, DuckDBConnection.class);
  }
}
