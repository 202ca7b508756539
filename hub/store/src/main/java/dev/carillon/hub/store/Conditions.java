package dev.carillon.hub.store;

import dev.carillon.hub.store.Labels.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a query, and the values that go with their question marks. */
record Conditions(List<String> parts, List<Object> values) {

  static Conditions of(LogQuery query) {
    Conditions where = new Conditions(new ArrayList<>(), new ArrayList<>());
    where.type(query.type());
    where.equal("source", query.source());
    where.subjects(query.subjects());
    where.labels(Kind.TAG, query.tags());
    where.labels(Kind.TRACE_ID, query.traceIds());
    where.label(Kind.ORGANIZATION, query.organizationId());
    where.label(Kind.USER, query.userId());
    where.time(">=", query.from());
    where.time("<", query.to());
    if (query.after() > 0) {
      where.add("position > ?", query.after());
    }
    return where;
  }

  String sql() {
    return parts.isEmpty() ? "" : " WHERE " + String.join(" AND ", parts);
  }

  private void add(String part, Object value) {
    parts.add(part);
    values.add(value);
  }

  private void equal(String column, @Nullable String value) {
    if (value != null) {
      add(column + " = ?", value);
    }
  }

  private void type(@Nullable String type) {
    if (type != null && type.endsWith("*")) {
      add("starts_with(type, ?)", type.substring(0, type.length() - 1));
    } else {
      equal("type", type);
    }
  }

  private void subjects(List<String> subjects) {
    if (!subjects.isEmpty()) {
      String marks = "?,".repeat(subjects.size() - 1) + "?";
      values.addAll(subjects);
      parts.add("(subject IN (" + marks + ") OR " + anyOf(Kind.SUBJECT, subjects) + ")");
    }
  }

  private void label(Kind kind, @Nullable String wanted) {
    labels(kind, wanted == null ? List.of() : List.of(wanted));
  }

  private void labels(Kind kind, List<String> wanted) {
    if (!wanted.isEmpty()) {
      parts.add("(" + anyOf(kind, wanted) + ")");
    }
  }

  private String anyOf(Kind kind, List<String> wanted) {
    List<String> each = new ArrayList<>();
    for (String value : wanted) {
      each.add("contains(labels, ?)");
      values.add(Labels.search(kind, value));
    }
    return String.join(" OR ", each);
  }

  private void time(String comparison, @Nullable Instant time) {
    if (time != null) {
      add("time " + comparison + " make_timestamp(?)", Sql.micros(time));
    }
  }
}
