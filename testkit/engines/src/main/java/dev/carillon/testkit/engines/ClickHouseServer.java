package dev.carillon.testkit.engines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.DOTALL;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The process of {@link ClickHouseEngine}: as much of ClickHouse's HTTP interface as its Java
 * client uses, before the engine as a library. A request has a session of its own, so that its
 * settings do not stay.
 */
final class ClickHouseServer {

  private static final int THREADS = 8;
  private static final String PARAMETER = "param_";

  /** A statement whose rows follow it. */
  private static final Pattern INSERT =
      Pattern.compile("(INSERT\\s+INTO\\s.*)\\sFORMAT\\s+(\\w+)\\s*", CASE_INSENSITIVE | DOTALL);

  /** What is said beside a statement and is no setting of it. */
  private static final Set<String> NO_SETTING =
      Set.of(
          "query",
          "query_id",
          "database",
          "default_format",
          "user",
          "password",
          "role",
          "session_id",
          "session_timeout",
          "session_check",
          "client_protocol_version",
          "enable_http_compression",
          "wait_end_of_query",
          "buffer_size",
          "quota_key");

  private final Chdb chdb;
  private final Path data;

  private ClickHouseServer(Chdb chdb, Path data) {
    this.chdb = chdb;
    this.data = data;
  }

  /** Takes the path of the library, the data folder and the port. */
  public static void main(String[] args) throws IOException {
    ClickHouseServer server = new ClickHouseServer(Chdb.load(Path.of(args[0])), Path.of(args[1]));
    // Held open, since the engine ends with its last session.
    ChdbSession unused = ChdbSession.open(server.chdb, server.data);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
    HttpServer http = HttpServer.create(address, 128);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    http.setExecutor(threads);
    http.createContext("/ping", exchange -> answer(exchange, 200, "Ok.\n".getBytes(UTF_8)));
    http.createContext("/", server::serve);
    http.start();
    EngineProcess.ready();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
      byte[] body = exchange.getRequestBody().readAllBytes();
      try (ChdbSession session = ChdbSession.open(chdb, data)) {
        String database = asked.get("database");
        prepare(
            session,
            database != null
                ? database
                : exchange.getRequestHeaders().getFirst("X-ClickHouse-Database"),
            asked);
        String format = format(exchange, asked);
        byte[] answer = run(session, asked, body, format);
        exchange.getResponseHeaders().set("X-ClickHouse-Format", format);
        exchange.getResponseHeaders().set("X-ClickHouse-Summary", "{}");
        answer(exchange, 200, answer);
      } catch (ChdbException e) {
        exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", e.code());
        answer(exchange, 500, String.valueOf(e.getMessage()).getBytes(UTF_8));
      }
    }
  }

  /** Gives a session the database and the settings of its request. */
  private static void prepare(
      ChdbSession session, @Nullable String database, Map<String, String> asked)
      throws ChdbException {
    if (database != null) {
      run(session, "USE `" + database + "`");
    }
    for (Map.Entry<String, String> setting : asked.entrySet()) {
      String name = setting.getKey();
      if (name.matches("[a-z][a-z0-9_]*")
          && !name.startsWith(PARAMETER)
          && !NO_SETTING.contains(name)) {
        if (name.endsWith("compress") && !setting.getValue().equals("0")) {
          throw new ChdbException("Code: 48. this engine does not speak ClickHouse's compression");
        }
        run(session, "SET " + name + " = '" + escaped(setting.getValue()) + "'");
      }
    }
  }

  private static void run(ChdbSession session, String statement) throws ChdbException {
    session.run(statement.getBytes(UTF_8), "Null", Map.of());
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }

  private static String format(HttpExchange exchange, Map<String, String> asked) {
    String header = exchange.getRequestHeaders().getFirst("X-ClickHouse-Format");
    return header != null ? header : asked.getOrDefault("default_format", "TabSeparated");
  }

  private static byte[] run(
      ChdbSession session, Map<String, String> asked, byte[] body, String format)
      throws IOException, ChdbException {
    String query = asked.getOrDefault("query", "");
    Matcher insert = INSERT.matcher(query);
    if (!insert.matches()) {
      byte[] statement = query.isEmpty() ? body : query.getBytes(UTF_8);
      return session.run(statement, format, typed(asked));
    }
    // Behind a statement the engine would take the rows for at an end where two line ends meet.
    Path rows = Files.createTempFile("carillon-rows", null);
    try {
      Files.write(rows, body);
      String statement = insert.replaceFirst("$1 FROM INFILE '" + rows + "' FORMAT $2");
      return session.run(statement.getBytes(UTF_8), format, typed(asked));
    } finally {
      Files.deleteIfExists(rows);
    }
  }

  /** The values of typed placeholders: {@code param_name=value} fills in {@code {name:Type}}. */
  private static Map<String, String> typed(Map<String, String> asked) {
    Map<String, String> typed = new LinkedHashMap<>();
    asked.forEach(
        (name, value) -> {
          if (name.startsWith(PARAMETER)) {
            typed.put(name.substring(PARAMETER.length()), value);
          }
        });
    return typed;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : (query == null ? "" : query).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(pair.substring(0, equals), UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return parameters;
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
