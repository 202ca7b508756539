package dev.carillon.benchmarks;

import java.util.StringJoiner;

/** What is posted to conversation analytics: events as the documents of its clients show them. */
final class AnalyticsBodies {

  private static final String EVENT =
      """
      {"conversation_id":"conversation_%s","event_name":"event_a",\
      "input":"Tell me about Python.","output":"Python is a versatile programming language...",\
      "latency":230.0,"conversation_metadata":"{\\"user_id\\": \\"u_42\\", \\"channel\\": \\"web\\"}"}""";

  private AnalyticsBodies() {}

  /** One event with an id. */
  static String event(String id) {
    return "{\"id\":\"" + id + "\"," + EVENT.formatted(7).substring(1);
  }

  static String batch(int events) {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = 0; i < events; i++) {
      batch.add(EVENT.formatted(i % 20));
    }
    return batch.toString();
  }

  /** The n-th event's id, in a script for wrk that has n. */
  private static final String ID =
      """
      local function id(n)
        return string.format("018f%%04x-%%04x-7000-8000-%%012x", math.floor(n / 65536), n %% 65536, n)
      end
      """;

  /** A script that creates so many events, from the first. */
  static String creates(int first, int count) {
    return script(
        first,
        count,
        """
        local body = [==[{"id":"%%s",]==] .. [==[%s]==]
        return wrk.format("POST", "/event", json, string.format(body, id(n), n %% 50000))
        """
            .formatted(EVENT.formatted("%d").substring(1)));
  }

  /** A script that updates so many events, from the first, as the documents show it. */
  static String updates(int first, int count) {
    return script(
        first,
        count,
        """
        return wrk.format("PUT", "/event/" .. id(n), json, [==[{"event_name":"event_b","error":"",\
        "output":"Here's an async example...","latency":350.0}]==])
        """);
  }

  /** A script that deletes so many events, from the first. */
  static String deletes(int first, int count) {
    return script(
        first,
        count,
        """
        return wrk.format("DELETE", "/event/" .. id(n))
        """);
  }

  /**
   * First something that does nothing, since wrk tries a script out; each request once; then, while
   * the last are under way, something that does nothing; and the end when all are answered: wrk
   * stops before its time when it is interrupted.
   */
  private static String script(int first, int count, String request) {
    return ID.formatted()
        + """
        local json = { ["Content-Type"] = "application/json" }
        local n = %d
        local last = %d
        local left = %d
        local function make()
        %s
        end
        local tried = false
        request = function()
          if tried then n = n + 1 end
          tried = true
          if n < %d or n > last then return wrk.format("GET", "/ping") end
          return make()
        end
        response = function(status)
          if status == 202 or status == 200 then
            left = left - 1
            if left == 0 then os.execute("(sleep 0.01; kill -INT $PPID) &") end
          end
        end
        """
            .formatted(
                first - 1, first + count - 1, count, request.indent(2).stripTrailing(), first);
  }
}
