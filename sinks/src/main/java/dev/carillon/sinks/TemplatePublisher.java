package dev.carillon.sinks;

import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Receipt;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events of one kind to one sink: what an application's own publisher is made of.
 * Thread-safe.
 *
 * @param sink where events go; stays the caller's to close
 * @param template what they look like
 */
public record TemplatePublisher(EventSink sink, EventTemplate template) {

  /**
   * Publishes an event; argument errors come through the future.
   *
   * @param values what stands for the template's placeholders
   * @param data the event's data, to which the values are added
   */
  public CompletableFuture<Receipt> publish(
      Map<String, ?> values, Map<String, ? extends @Nullable Object> data) {
    if (values == null || data == null) {
      return CompletableFuture.failedFuture(
          new EventValidationException(values == null ? "values" : "data", "is missing"));
    }
    try {
      return sink.send(template.event(values, data));
    } catch (EventException e) {
      return CompletableFuture.failedFuture(e);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new EventValidationException("event", String.valueOf(e.getMessage())));
    }
  }
}
