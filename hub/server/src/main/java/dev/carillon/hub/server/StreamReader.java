package dev.carillon.hub.server;

import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogQuery;
import dev.carillon.hub.store.Page;
import dev.carillon.hub.store.StoredEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * One reader of the live stream. It pulls: a reader that is slow is simply further behind, and
 * costs no memory. Used by one event loop.
 */
final class StreamReader {

  private static final int PAGE = 256;
  private static final int PAGE_BYTES = 256 << 10;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final EventLog events;
  private final LogQuery.Builder query;
  private long position;
  private boolean reading;
  private boolean again;

  StreamReader(RoutingContext context, EventLog events, LogQuery.Builder query, long position) {
    this.context = context;
    this.response = context.response();
    this.events = events;
    this.query = query.limit(PAGE).maxBytes(PAGE_BYTES);
    this.position = position;
  }

  void begin() {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no") // or a proxy such as nginx keeps back what is little
        .write(":\n\n");
    pump();
  }

  void heartbeat() {
    if (!response.ended() && !response.closed() && !response.writeQueueFull()) {
      response.write(":\n\n");
    }
  }

  void end() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }

  /** Writes what has come, as far as the reader takes it. */
  void pump() {
    if (response.ended() || response.closed()) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> pump());
      return;
    }
    reading = true;
    again = false;
    Answers.whenDone(
        context,
        events.follow(query.after(position).build()),
        (page, failure) -> {
          reading = false;
          if (failure != null) {
            Answers.hangUp(context.request()); // the reader comes back where it was
          } else if (page != null) {
            write(page);
          }
        });
  }

  private void write(Page page) {
    if (response.ended() || response.closed()) {
      return;
    }
    position = page.next();
    if (!page.events().isEmpty()) {
      Buffer text = Buffer.buffer();
      for (StoredEvent event : page.events()) {
        text.appendString("id: " + event.position() + "\ndata: ");
        text.appendBytes(event.json()).appendString("\n\n");
      }
      response.write(text);
    }
    if (page.full() || again) {
      pump();
    }
  }
}
