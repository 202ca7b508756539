package dev.carillon.resilience;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventSink;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A sink around a sink that sends under policies. Events are sent again under the same id, so a
 * peer that knows ids keeps each of them once.
 *
 * <p>Of a batch only the events that failed retryably are sent again, and outcomes stay in order. A
 * batch counts as one attempt: against the peer only if it accepted none of the events and one of
 * the failures speaks of its health.
 *
 * <p>Thread-safe, as the sink inside. Events that are waited for are overtaken by others: with a
 * retry or a rate limit, order is not promised.
 */
public final class ResilientSink implements EventSink {

  private final EventSink sink;
  private final Resilience resilience;

  /**
   * Puts policies around a sink. Closing this sink closes both.
   *
   * @param sink makes the attempts
   * @param resilience the policies; may run other calls to the same peer as well
   */
  public ResilientSink(EventSink sink, Resilience resilience) {
    this.sink = sink;
    this.resilience = resilience;
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return resilience.call(() -> sink.send(event));
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    PendingBatch batch;
    try {
      batch = new PendingBatch(sink, events);
    } catch (NullPointerException e) {
      // Argument errors arrive through the future, in the words of the sink itself.
      return sink.sendAll(events);
    }
    return resilience.call(batch::attempt).handle((done, error) -> batch.outcomes(error));
  }

  /** The capabilities of the sink inside, with order only if nothing is ever waited for. */
  @Override
  public Capabilities capabilities() {
    Capabilities inside = sink.capabilities();
    boolean ordered = inside.ordered() && resilience.backoff == null && resilience.pace == null;
    return new Capabilities(
        inside.guarantee(), ordered, inside.maxBatchEvents(), inside.maxEventBytes());
  }

  /**
   * Begins no attempt any more, closes the sink inside, which lets attempts under way finish, and
   * fails what is still open then with {@link dev.carillon.core.SinkClosedException}.
   */
  @Override
  public void close() {
    resilience.retire();
    sink.close();
    resilience.close();
  }
}
