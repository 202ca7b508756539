package dev.carillon.hub.server;

import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogQuery;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The live stream: server-sent events, each a CloudEvent, with the log's positions as ids, so that
 * a reader who comes back with {@code Last-Event-ID} misses nothing. One for each event loop.
 */
final class EventStream implements Receiver {

  private static final int MAX_STREAMS = 500; // of all event loops
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final EventLog events;
  private final Metrics metrics;
  private final Context loop;
  private final Set<StreamReader> readers = new LinkedHashSet<>();
  private final AtomicBoolean grown = new AtomicBoolean();

  /** The log hurries for those who listen, so that nobody does without a reader. */
  private EventLog.Listening listening = () -> {};

  EventStream(Vertx vertx, EventLog events, Metrics metrics) {
    this.events = events;
    this.metrics = metrics;
    this.loop = vertx.getOrCreateContext();
    vertx.setPeriodic(HEARTBEAT_MILLIS, id -> copyOfReaders().forEach(StreamReader::heartbeat));
  }

  @Override
  public void routes(Router router) {
    router.get("/api/events/stream").handler(this::open);
  }

  private void open(RoutingContext context) {
    if (metrics.streams() >= MAX_STREAMS) {
      Problem.busy(10, "too many live streams").answer(context);
      return;
    }
    Parameters parameters = Parameters.of(context);
    LogQuery.Builder query =
        LogQuery.builder()
            .type(parameters.text("type"))
            .source(parameters.text("source"))
            .subjects(parameters.texts("subject"));
    parameters.checkAll();
    StreamReader reader = new StreamReader(context, events, query, start(context));
    add(reader);
    context.response().closeHandler(closed -> remove(reader));
    reader.begin();
  }

  private void add(StreamReader reader) {
    if (readers.isEmpty()) {
      listening = events.onGrowth(this::wake);
    }
    readers.add(reader);
    metrics.streamOpened();
  }

  private void remove(StreamReader reader) {
    if (!readers.remove(reader)) {
      return;
    }
    metrics.streamClosed();
    if (readers.isEmpty()) {
      listening.close();
      listening = () -> {};
    }
  }

  /**
   * Where a reader begins: after the last event that it has, or now; at the beginning if what it
   * has is of another log, which was longer.
   */
  private long start(RoutingContext context) {
    String last = context.request().getHeader("Last-Event-ID");
    if (last == null || last.isEmpty()) {
      return events.end();
    }
    try {
      long position = Long.parseLong(last);
      if (position >= 0) {
        return position > events.end() ? 0 : position;
      }
    } catch (NumberFormatException e) {
      // answered below, as a negative one is
    }
    throw new BadRequestException(
        Problem.invalid("Last-Event-ID", "is not an id that this stream gave"));
  }

  /** Called by the log for every growth; one wake-up under way is enough. */
  private void wake() {
    if (grown.compareAndSet(false, true)) {
      loop.runOnContext(
          ignored -> {
            grown.set(false);
            copyOfReaders().forEach(StreamReader::pump);
          });
    }
  }

  /** Ends all streams; their readers come back where they were. */
  void close() {
    copyOfReaders().forEach(StreamReader::end);
  }

  private List<StreamReader> copyOfReaders() {
    return new ArrayList<>(readers);
  }
}
