package dev.carillon.architecture.wrong.manners;

import com.google.protobuf.Any;
import com.networknt.schema.Schema;
import com.rabbitmq.client.Channel;
import dev.failsafe.Failsafe;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.util.List;
import org.apache.qpid.server.SystemLauncher;
import org.duckdb.DuckDBConnection;
import org.msgpack.core.MessagePack;

class SeesAll {
  static List<Class<?>> all() {
    return List.of(
        Failsafe.class,
        Vertx.class,
        Connection.class,
        DuckDBConnection.class,
        Schema.class,
        Any.class,
        MessagePack.class,
        Channel.class,
        SystemLauncher.class);
  }
}
