package dev.carillon.testkit.engines;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Path;
import java.util.Map;

/**
 * A session of the engine in this process, with settings of its own; any number of them share the
 * data of a folder, and each runs one statement at a time.
 */
final class ChdbSession implements AutoCloseable {

  private final Chdb chdb;
  private final PointerByReference connection;

  private ChdbSession(Chdb chdb, PointerByReference connection) {
    this.chdb = chdb;
    this.connection = connection;
  }

  static ChdbSession open(Chdb chdb, Path data) {
    String[] arguments = {"clickhouse", "--path=" + data};
    PointerByReference connection =
        chdb.chdb_connect(arguments.length, new StringArray(arguments, "UTF-8"));
    if (connection == null) {
      throw new IllegalStateException("the engine does not open " + data);
    }
    return new ChdbSession(chdb, connection);
  }

  /** Runs a statement, which may be followed by the data that it inserts. */
  byte[] run(byte[] statement, String format, Map<String, String> parameters) throws ChdbException {
    byte[] formatName = format.getBytes(UTF_8);
    Pointer result =
        parameters.isEmpty()
            ? chdb.chdb_query_n(
                connection.getValue(), statement, statement.length, formatName, formatName.length)
            : runWith(statement, formatName, parameters);
    try {
      Pointer error = chdb.chdb_result_error(result);
      if (error != null) {
        throw new ChdbException(error.getString(0, "UTF-8"));
      }
      long length = chdb.chdb_result_length(result);
      Pointer buffer = chdb.chdb_result_buffer(result);
      return buffer == null || length == 0
          ? new byte[0]
          : buffer.getByteArray(0, Math.toIntExact(length));
    } finally {
      chdb.chdb_destroy_query_result(result);
    }
  }

  private Pointer runWith(byte[] statement, byte[] format, Map<String, String> parameters) {
    int count = parameters.size();
    Pointer[] names = new Pointer[count];
    Pointer[] values = new Pointer[count];
    long[] nameLengths = new long[count];
    long[] valueLengths = new long[count];
    int i = 0;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      names[i] = text(parameter.getKey());
      nameLengths[i] = parameter.getKey().getBytes(UTF_8).length;
      values[i] = text(parameter.getValue());
      valueLengths[i++] = parameter.getValue().getBytes(UTF_8).length;
    }
    return chdb.chdb_query_with_params_n(
        connection.getValue(),
        statement,
        statement.length,
        format,
        format.length,
        names,
        nameLengths,
        values,
        valueLengths,
        count);
  }

  private static Pointer text(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  @Override
  public void close() {
    chdb.chdb_close_conn(connection);
  }
}
