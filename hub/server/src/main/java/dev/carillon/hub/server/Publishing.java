package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.hub.store.LogEntry;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;

/** Brings events that were read into the log, and answers when they are durable. */
final class Publishing {

  private final Ingest<LogEntry> ingest;
  private final LargeAnswers answers;

  Publishing(Ingest<LogEntry> ingest, LargeAnswers answers) {
    this.ingest = ingest;
    this.answers = answers;
  }

  /** Stores one event and confirms it; answers 400 if something is wrong with it. */
  void one(RoutingContext context, Reading<LogEntry> reading) {
    LogEntry entry = reading.entry();
    if (entry == null) {
      throw new BadRequestException(Problem.invalid(reading.violations()));
    }
    store(context, List.of(entry), () -> Json.buffer(json -> writeConfirmation(json, entry)));
  }

  /** Stores the events that are right, and answers with an outcome for each, in order. */
  void each(RoutingContext context, List<Reading<LogEntry>> readings) {
    answers.requireRoom();
    store(context, Reading.entries(readings), () -> outcomes(readings));
  }

  /**
   * Stores the events that are right, and answers as {@link #each} if all are; else 400 with what
   * is wrong, for senders that look only at the status.
   */
  void all(RoutingContext context, List<Reading<LogEntry>> readings) {
    List<Violation> violations = Reading.violations(readings);
    if (violations.isEmpty()) {
      each(context, readings);
      return;
    }
    List<LogEntry> entries = Reading.entries(readings);
    String detail =
        (readings.size() - entries.size())
            + " of the batch's "
            + readings.size()
            + " events are invalid; the others are stored";
    Problem problem = new Problem(400, detail, violations, 0);
    if (entries.isEmpty()) {
      problem.answer(context);
    } else {
      ingest.append(entries, Answers.whenDurable(context, () -> problem.answer(context)));
    }
  }

  /**
   * Stores all events or, if something is wrong with one of them, none; answers 200 with nothing,
   * or 400.
   */
  void together(RoutingContext context, List<Reading<LogEntry>> readings) {
    List<Violation> violations = Reading.violations(readings);
    if (!violations.isEmpty()) {
      throw new BadRequestException(Problem.invalid(violations));
    }
    List<LogEntry> entries = Reading.entries(readings);
    if (entries.isEmpty()) {
      Answers.durable(context);
      return;
    }
    ingest.append(entries, Answers.whenDurable(context, () -> Answers.durable(context)));
  }

  private interface Answer {
    Buffer body();
  }

  private void store(RoutingContext context, List<LogEntry> entries, Answer answer) {
    if (entries.isEmpty()) {
      answers.json(context, answer.body());
      return;
    }
    ingest.append(
        entries,
        Answers.whenDurable(
            context,
            () -> {
              Answers.markDurable(context);
              answers.confirm(context, answer.body());
            }));
  }

  private static Buffer outcomes(List<Reading<LogEntry>> readings) {
    return Json.buffer(
        json -> {
          json.writeStartArray();
          for (Reading<LogEntry> reading : readings) {
            LogEntry entry = reading.entry();
            if (entry != null) {
              writeConfirmation(json, entry);
            } else {
              json.writeStartObject();
              Violation.write(json, reading.violations());
              json.writeEndObject();
            }
          }
          json.writeEndArray();
        });
  }

  private static void writeConfirmation(JsonGenerator json, LogEntry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", entry.id());
    json.writeStringField("createdDateUtc", entry.time().toString());
    json.writeEndObject();
  }
}
