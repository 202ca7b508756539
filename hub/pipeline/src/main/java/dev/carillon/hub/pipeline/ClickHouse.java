package dev.carillon.hub.pipeline;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.DataStreamWriter;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.command.CommandResponse;
import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import dev.carillon.hub.store.StoreBusyException;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Statements to ClickHouse, each of which blocks for a bounded time. What it throws never names the
 * password. Thread-safe.
 */
final class ClickHouse implements AutoCloseable {

  private static final int CONNECT_SECONDS = 3;
  private static final int SECONDS = 30;
  private static final int LOOK_SECONDS = 5;
  private static final String MAX_QUERY_BYTES = Integer.toString(64 << 20);

  /**
   * Errors of a server that is short of something, which the client does not count as such: {@code
   * CANNOT_WRITE_TO_FILE_DESCRIPTOR}, {@code CANNOT_ALLOCATE_MEMORY}, {@code NOT_ENOUGH_SPACE} and
   * {@code CANNOT_SCHEDULE_TASK}.
   */
  private static final Set<Integer> SHORT = Set.of(75, 173, 243, 439);

  private final ClickHouseUrl url;
  private final Client client;

  ClickHouse(ClickHouseUrl url) {
    this.url = url;
    this.client =
        new Client.Builder()
            .addEndpoint(url.endpoint().toString())
            .setUsername(url.user())
            .setPassword(url.password())
            .setDefaultDatabase(url.database())
            .setClientName("carillon")
            .setConnectTimeout(CONNECT_SECONDS, ChronoUnit.SECONDS)
            .setConnectionRequestTimeout(CONNECT_SECONDS, ChronoUnit.SECONDS)
            .setSocketTimeout(SECONDS, ChronoUnit.SECONDS)
            .setMaxConnections(16)
            .setMaxRetries(1) // a connection that the server has let go of meanwhile
            .compressServerResponse(false) // beside each other in one network, as they should be
            .useServerTimeZone(false)
            .useTimeZone("UTC")
            .build();
  }

  /** Makes something of a row, which a reader stands on. */
  interface Row<T> {
    T of(ClickHouseBinaryFormatReader row);
  }

  void execute(String statement) throws IOException {
    try (CommandResponse done = await(client.execute(statement))) {
      done.getMetrics();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw failed(e);
    }
  }

  /**
   * Runs a query.
   *
   * @param parameters values of the placeholders {@code {name:Type}}
   */
  <T> List<T> query(String query, Map<String, Object> parameters, Row<T> row) throws IOException {
    return query(query, parameters, row, SECONDS);
  }

  /** The one row of a query that has nothing to do; throws if there is no answer in 5 seconds. */
  <T> T look(String query, Row<T> row) throws IOException {
    return query(query, Map.of(), row, LOOK_SECONDS).get(0);
  }

  private <T> List<T> query(String query, Map<String, Object> parameters, Row<T> row, int seconds)
      throws IOException {
    QuerySettings settings =
        new QuerySettings()
            .setFormat(ClickHouseFormat.RowBinaryWithNamesAndTypes)
            .setMaxExecutionTime(seconds)
            .serverSetting("max_query_size", MAX_QUERY_BYTES);
    settings.setNetworkTimeout(seconds, ChronoUnit.SECONDS);
    List<T> rows = new ArrayList<>();
    try (QueryResponse answer = await(client.query(query, escaped(parameters), settings));
        ClickHouseBinaryFormatReader reader = client.newBinaryFormatReader(answer)) {
      while (reader.hasNext()) {
        reader.next();
        rows.add(row.of(reader));
      }
      return rows;
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw failed(e);
    }
  }

  /** Writes rows; called again where they must be sent again. */
  interface Rows {
    void writeTo(RowBinary rows) throws IOException;
  }

  /**
   * Inserts rows, which are sent as they are written.
   *
   * @param token names these very rows, so that the server passes over them when they come again
   */
  void insert(String table, List<String> columns, Rows rows, String token) throws IOException {
    InsertSettings settings =
        new InsertSettings()
            .setDeduplicationToken(token)
            .serverSetting(
                "async_insert", "0") // what returned is there, whatever the user's profile
            .serverSetting("wait_for_async_insert", "1");
    DataStreamWriter writer =
        stream -> {
          RowBinary out = new RowBinary(stream);
          rows.writeTo(out);
          out.flush();
        };
    try (InsertResponse done =
        await(client.insert(table, columns, writer, ClickHouseFormat.RowBinary, settings))) {
      done.getMetrics();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw failed(e);
    }
  }

  /** Strings travel as the server reads them: escaped as in tab-separated text. */
  private static Map<String, Object> escaped(Map<String, Object> parameters) {
    Map<String, Object> escaped = new LinkedHashMap<>(parameters);
    escaped.replaceAll(
        (name, value) ->
            value instanceof String text
                ? text.replace("\\", "\\\\")
                    .replace("\t", "\\t")
                    .replace("\n", "\\n")
                    .replace("\r", "\\r")
                : value);
    return escaped;
  }

  private static <T> T await(CompletableFuture<T> answer)
      throws ExecutionException, TimeoutException, IOException {
    try {
      return answer.get(2 * SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for ClickHouse", e);
    }
  }

  private IOException failed(Exception thrown) {
    Throwable cause =
        thrown instanceof ExecutionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause(); // the outer ones say no more than that it failed
    }
    String message = "ClickHouse at " + url + " failed: " + cause.getMessage();
    return isBusy(thrown)
        ? new StoreBusyException(message, thrown)
        : new IOException(message, thrown);
  }

  /** Whether the server is short of something, or the way to it is. */
  private static boolean isBusy(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ServerException error) {
        return error.isRetryable() || SHORT.contains(error.getCode());
      }
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** The number of the server's error that a failure comes from; 0 if it comes from elsewhere. */
  static int code(IOException failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof ServerException)) {
      cause = cause.getCause();
    }
    return cause instanceof ServerException error ? error.getCode() : 0;
  }

  @Override
  public void close() {
    client.close();
  }
}
