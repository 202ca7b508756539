package dev.carillon.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.carillon.amqp.AmqpLink;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The channel that is open, or the next, which is opened when it is needed. A broker that says no
 * to it says so to every event, and is not asked for each. One thread opens and drops; any looks.
 */
final class LatestChannel {

  private final AmqpLink link;
  private final EventPublisherConfig config;
  private final Settlement settlement;
  private final Runnable onChange;
  private volatile @Nullable OpenChannel open;
  private @Nullable EventException refusal;
  private long refusedUntil;

  /**
   * Opens nothing yet.
   *
   * @param onChange called when there is room in the channel, or it is lost; must be quick
   */
  LatestChannel(
      AmqpLink link, EventPublisherConfig config, Settlement settlement, Runnable onChange) {
    this.link = link;
    this.config = config;
    this.settlement = settlement;
    this.onChange = onChange;
  }

  /** The channel that was opened last; null before the first, and once it is dropped. */
  @Nullable OpenChannel orNull() {
    return open;
  }

  /** The same if it is lost; else null. */
  @Nullable OpenChannel lost() {
    OpenChannel current = open;
    return current != null && current.isLost() ? current : null;
  }

  /**
   * The channel that was opened last, or else a new one.
   *
   * @param nanos how long to wait for a connection at most
   * @throws EventException if the broker cannot be had in time, or says no
   * @throws IOException if the connection fell meanwhile
   */
  OpenChannel orOpened(long nanos) throws IOException {
    OpenChannel current = open;
    if (current != null) {
      return current;
    }
    if (refusal != null && System.nanoTime() - refusedUntil < 0) {
      throw refusal;
    }
    Connection connection = link.await(nanos);
    try {
      current = OpenChannel.open(connection, config, settlement, onChange);
    } catch (IOException e) {
      throw refusedOr(e);
    }
    refusal = null;
    open = current;
    return current;
  }

  private IOException refusedOr(IOException failure) {
    if (failure.getCause() instanceof ShutdownSignalException signal
        && !signal.isHardError()
        && signal.getReason() instanceof AMQP.Channel.Close said) {
      refusal =
          new EventRejectedException(
              "exchange " + config.exchangeName() + " cannot be used: " + said.getReplyText(),
              false,
              null);
      refusedUntil = System.nanoTime() + config.retryDelay().toNanos();
      throw refusal;
    }
    return failure;
  }

  /** Has the next one opened when it is needed. */
  void drop() {
    open = null;
  }
}
