package dev.carillon.hub.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Values that are too long for a row. DuckDB works on 2,048 rows at once, and takes up to twice the
 * room of all of them; so a row holds the beginning of a long value only, and the rest lies in
 * chunks in a table of its own. Used on connections that are handed in.
 */
final class Chunks {

  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS chunks (
        owner BIGINT NOT NULL, number INTEGER NOT NULL,
        chunk BLOB NOT NULL USING COMPRESSION zstd);
      """;

  private static final int LONGEST_IN_ROW = 8 << 10;
  private static final int CHUNK = 2 << 10;
  private static final int VECTOR = 2048;

  private Chunks() {}

  /** Writes long values within a transaction of a connection. */
  static final class Writer implements AutoCloseable {
    private final DuckDBConnection connection;
    private @Nullable DuckDBAppender rows;

    Writer(DuckDBConnection connection) {
      this.connection = connection;
    }

    /**
     * Writes what a row does not hold of a value.
     *
     * @param owner the number that tells the row from all others
     * @return what the row is to hold
     */
    byte[] write(long owner, byte[] value) throws SQLException {
      if (value.length <= LONGEST_IN_ROW) {
        return value;
      }
      if (rows == null) {
        rows = connection.createAppender("chunks");
      }
      int number = 0;
      for (int from = LONGEST_IN_ROW; from < value.length; from += CHUNK) {
        int to = Math.min(from + CHUNK, value.length);
        rows.beginRow();
        rows.append(owner).append(number++).append(Arrays.copyOfRange(value, from, to));
        rows.endRow();
      }
      return Arrays.copyOf(value, LONGEST_IN_ROW);
    }

    void flush() throws SQLException {
      if (rows != null) {
        rows.flush();
      }
    }

    @Override
    public void close() throws SQLException {
      if (rows != null) {
        rows.close();
      }
    }
  }

  /** Makes values whole again: first each from its row, and then the rest of all that are long. */
  static final class Reader {
    private final TreeMap<Long, byte[]> unfinished = new TreeMap<>();

    /**
     * Begins a value.
     *
     * @param inRow what the row holds
     * @return the value, which is not whole before {@link #finish}
     */
    byte[] begin(long owner, int size, byte[] inRow) {
      if (inRow.length == size) {
        return inRow;
      }
      byte[] value = Arrays.copyOf(inRow, size);
      unfinished.put(owner, value);
      return value;
    }

    /** Whether a value that was begun is not whole yet. */
    boolean isUnfinished(long owner) {
      return unfinished.containsKey(owner);
    }

    /** Reads the rest of all values that were begun. */
    void finish(DuckDBConnection connection) throws SQLException {
      finish(connection, List.copyOf(unfinished.keySet()));
      unfinished.clear();
    }

    /** Reads what lies side by side together, and not much else. */
    private void finish(DuckDBConnection connection, List<Long> owners) throws SQLException {
      if (owners.isEmpty()) {
        return;
      }
      long first = owners.get(0);
      long last = owners.get(owners.size() - 1);
      int half = owners.size() / 2;
      if (half > 0 && count(connection, first, last) > VECTOR + 2 * chunks(first, last)) {
        finish(connection, owners.subList(0, half));
        finish(connection, owners.subList(half, owners.size()));
      } else {
        read(connection, first, last);
      }
    }

    private long chunks(long first, long last) {
      return unfinished.subMap(first, true, last, true).values().stream()
          .mapToLong(value -> (value.length - LONGEST_IN_ROW + CHUNK - 1) / CHUNK)
          .sum();
    }

    private static long count(DuckDBConnection connection, long first, long last)
        throws SQLException {
      try (PreparedStatement select = select(connection, "count(*)", first, last);
          ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }

    private void read(DuckDBConnection connection, long first, long last) throws SQLException {
      Map<Long, byte[]> values = unfinished;
      try (PreparedStatement select = select(connection, "owner, number, chunk", first, last);
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          byte[] value = values.get(rows.getLong(1));
          if (value != null) {
            byte[] chunk = rows.getBytes(3);
            System.arraycopy(
                chunk, 0, value, LONGEST_IN_ROW + rows.getInt(2) * CHUNK, chunk.length);
          }
        }
      }
    }

    private static PreparedStatement select(
        DuckDBConnection connection, String what, long first, long last) throws SQLException {
      PreparedStatement select =
          connection.prepareStatement(
              "SELECT " + what + " FROM chunks WHERE owner BETWEEN ? AND ?");
      select.setQueryTimeout(Sql.TIMEOUT_SECONDS);
      select.setLong(1, first);
      select.setLong(2, last);
      return select;
    }
  }
}
