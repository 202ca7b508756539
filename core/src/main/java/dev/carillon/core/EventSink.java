package dev.carillon.core;

import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where events go: one transport behind two methods.
 *
 * <p>Sinks are thread-safe. They make one attempt for each event, unless their own documentation
 * says otherwise, and never block the caller; what should happen after a failure is for a policy
 * around the sink. Every future they return completes in bounded time, also when the sink is
 * closed, and always with a {@link Receipt} or an {@link EventException}. Argument errors arrive
 * through the future as well.
 */
public interface EventSink extends AutoCloseable {

  /**
   * Sends one event, one attempt.
   *
   * @param event the event; its id makes repeated sends of it one event at the other end
   * @return a future of the receipt, or of an {@link EventException} that says whether trying again
   *     can help and whether the event may have arrived all the same
   */
  CompletableFuture<Receipt> send(CloudEvent event);

  /**
   * Sends events together, as few messages as the transport allows.
   *
   * @param events any number; sinks cut them to what their transport takes at once
   * @return a future of one outcome for each event, in the order given; it does not complete
   *     exceptionally, since a failure belongs to the events that it hit, unless the list itself is
   *     missing
   */
  CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events);

  /** What this sink can promise and what it takes at most. */
  Capabilities capabilities();

  /**
   * Sends one event and waits for its receipt.
   *
   * @param event the event
   * @param timeout how long to wait at most, 292 years if it is more; the event may arrive even
   *     when the wait ends early
   * @return the receipt
   * @throws EventException as the future of {@link #send} would have failed; {@link
   *     EventTimeoutException} when the wait ran out, or was interrupted (the thread's interrupt
   *     flag is then set again)
   */
  default Receipt sendAndAwait(CloudEvent event, Duration timeout) {
    long nanos = TimeUnit.NANOSECONDS.convert(timeout); // bounded, where toNanos would throw
    CompletableFuture<Receipt> sent = send(event);
    try {
      return sent.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw EventException.awaited(e);
    } catch (TimeoutException e) {
      throw new EventTimeoutException(
          "no receipt for event " + event.getId() + " within " + timeout, true, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventTimeoutException(
          "interrupted while waiting for the receipt of event " + event.getId(), true, e);
    }
  }

  /**
   * Takes no more events, lets what was accepted finish for a bounded time, fails the rest with
   * {@link SinkClosedException}, and frees what the sink created. Calling it again does nothing.
   */
  @Override
  void close();
}
