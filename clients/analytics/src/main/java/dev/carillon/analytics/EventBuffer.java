package dev.carillon.analytics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tracks, updates and deletes events in the background, many a request: a request goes out when
 * enough are together or the oldest has waited long enough, and what is added meanwhile goes with
 * the next. Operations arrive in the order in which they were added; where a service takes but one
 * a request, some go at once, and those on the same event keep their order.
 *
 * <p>Each operation has a future of the event's id, which completes when the service has accepted
 * it, and fails with an {@link AnalyticsException} if it is not valid, if the buffer is full
 * ({@link BufferFullException}), if it could not be sent within the client's retries, or if the
 * buffer was closed before. With a spill folder failures of the network and of the service are no
 * end: operations stay in the folder and are sent again until they are accepted, found not valid,
 * or the buffer is closed; then they are sent by the next buffer on that folder. None overtakes
 * another on the same event that is to be sent again.
 *
 * <p>Thread-safe, and never waits except to write to the spill folder. Futures complete on the
 * thread that sends: what takes long there holds up the next request.
 */
public final class EventBuffer implements AutoCloseable {

  private final Requests requests;
  private final Backlog backlog;
  private final Pump pump;
  private final Consumer<EventBuffer> onClose;
  private final boolean spilling;

  private EventBuffer(
      Requests requests, BufferPolicy policy, Backlog backlog, Consumer<EventBuffer> onClose) {
    this.requests = requests;
    this.backlog = backlog;
    this.onClose = onClose;
    spilling = policy.spill() != null;
    pump =
        new Pump(
            backlog, new BatchSender(requests, policy.batchBytes(), spilling), requests, spilling);
  }

  /** Opens a buffer, and its spill folder if it has one. */
  static EventBuffer open(Requests requests, BufferPolicy policy, Consumer<EventBuffer> onClose) {
    Path folder = policy.spill();
    Spill spill;
    try {
      spill = folder == null ? null : Spill.open(folder, policy.maxBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the spill folder " + folder, e);
    }
    EventBuffer buffer = new EventBuffer(requests, policy, new Backlog(policy, spill), onClose);
    buffer.pump.wake();
    return buffer;
  }

  /** Tracks an event. */
  public CompletableFuture<String> trackEvent(TrackedEvent event) {
    return add(Operation.CREATE, event::id, () -> EventJson.create(event));
  }

  /** Changes what an update gives of an event. */
  public CompletableFuture<String> updateEvent(String eventId, EventUpdate update) {
    return add(Operation.UPDATE, () -> checked(eventId), () -> EventJson.update(eventId, update));
  }

  /** Deletes an event. */
  public CompletableFuture<String> deleteEvent(String eventId) {
    return add(Operation.DELETE, () -> checked(eventId), () -> EventJson.delete(eventId));
  }

  private static String checked(String eventId) {
    new Rules().id(eventId).check();
    return eventId;
  }

  private CompletableFuture<String> add(
      Operation operation, Supplier<String> id, Supplier<byte[]> json) {
    CompletableFuture<String> result;
    try {
      String eventId = id.get();
      byte[] bytes = json.get();
      new Rules().size(bytes, requests.settings().maxEventBytes()).check();
      result = backlog.add(operation, eventId, bytes).result();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(AnalyticsException.of(e));
    }
    pump.wake();
    return result;
  }

  /** How many operations wait or are on their way. */
  public int size() {
    return backlog.size();
  }

  /**
   * Sends everything that is in the buffer now, and waits for it.
   *
   * @param deadline how long to wait at most
   */
  public FlushReport flush(Duration deadline) {
    long mark = backlog.hurry();
    pump.wake();
    return backlog.await(mark, TimeUnit.NANOSECONDS.convert(deadline));
  }

  /** Closes with the client's {@code closeTimeout} as the deadline. */
  @Override
  public void close() {
    close(requests.settings().closeTimeout());
  }

  /**
   * Takes nothing more, sends everything that is in the buffer, waits for it, gives up what is
   * under way then, and fails what was not accepted. All futures are complete when it returns.
   * Closing again reports the same. A callback of one of the buffer's futures that closes it waits
   * in vain, since it holds up the thread that sends.
   *
   * @param deadline how long to wait at most
   */
  public FlushReport close(Duration deadline) {
    backlog.close();
    flush(deadline);
    pump.stop();
    String kept = spilling ? "; the spill folder keeps it" : "";
    String reason = "the buffer was closed before event %s was accepted" + kept;
    backlog.abandon().forEach(operation -> operation.abandon(reason));
    onClose.accept(this);
    return backlog.report(Long.MAX_VALUE);
  }

  /** Takes nothing more, and begins to send everything that is in the buffer. */
  void beginClose() {
    backlog.close();
    backlog.hurry();
    pump.wake();
  }
}
