package dev.carillon.cli;

import dev.carillon.analytics.EventUpdate;
import dev.carillon.analytics.TrackedEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A day of an assistant that people talk to: what is done with its events, and what must be there
 * in the end.
 *
 * @param operations in order
 */
record ConversationDay(List<AnalyticsOperation> operations) {

  private static final String RESOURCE = "/conversation-day.ndjson";
  private static final int MAX_LINE_BYTES = 1 << 20;

  /** Reads the sample day. */
  static ConversationDay read() throws IOException {
    InputStream in =
        Objects.requireNonNull(ConversationDay.class.getResourceAsStream(RESOURCE), RESOURCE);
    try (BoundedLines lines = new BoundedLines(in, MAX_LINE_BYTES)) {
      OperationReader reader = new OperationReader();
      List<AnalyticsOperation> operations = new ArrayList<>();
      while (lines.next()) {
        operations.add(reader.read(lines.line()));
      }
      return new ConversationDay(List.copyOf(operations));
    } catch (BadMessageException e) {
      throw new IOException(RESOURCE + ": " + e.getMessage(), e);
    }
  }

  /** How many operations are of a kind. */
  long count(Class<? extends AnalyticsOperation> kind) {
    return operations.stream().filter(kind::isInstance).count();
  }

  /** The ids of the events that are gone in the end. */
  List<String> deleted() {
    return operations.stream()
        .filter(AnalyticsOperation.Delete.class::isInstance)
        .map(AnalyticsOperation::eventId)
        .toList();
  }

  /** The events that must be there in the end, as they must be then. */
  Collection<TrackedEvent> remaining() {
    Map<String, TrackedEvent> events = new LinkedHashMap<>();
    for (AnalyticsOperation operation : operations) {
      if (operation instanceof AnalyticsOperation.Create create) {
        events.put(create.eventId(), create.event());
      } else if (operation instanceof AnalyticsOperation.Update update) {
        events.computeIfPresent(update.eventId(), (id, event) -> updated(event, update.update()));
      } else {
        events.remove(operation.eventId());
      }
    }
    return events.values();
  }

  private static TrackedEvent updated(TrackedEvent event, EventUpdate update) {
    return new TrackedEvent(
        event.id(),
        or(update.conversationId(), event.conversationId()),
        or(update.eventName(), event.eventName()),
        or(update.conversationMetadata(), event.conversationMetadata()),
        or(update.error(), event.error()),
        or(update.latency(), event.latency()),
        or(update.input(), event.input()),
        or(update.inputEmbeddings(), event.inputEmbeddings()),
        or(update.output(), event.output()),
        or(update.outputEmbeddings(), event.outputEmbeddings()));
  }

  private static <T> T or(@Nullable T given, T before) {
    return given == null ? before : given;
  }
}
