package dev.carillon.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all do with channels of AMQP 0-9-1, and their library leaves to each. */
public final class Channels {

  private static final Logger log = LoggerFactory.getLogger(Channels.class);

  private Channels() {}

  /**
   * Opens a channel.
   *
   * @throws IOException if the broker allows no more on this connection, or is gone
   */
  public static Channel open(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("the broker allows no more channels");
    }
    return channel;
  }

  /**
   * Consumes a queue; each message waits for an acknowledgement. If the queue is deleted the
   * channel ends, so that whoever opens the next declares the queue anew.
   *
   * @param prefetch how many messages may be here at once, at least 1
   * @param arrival makes of a message what is kept of it; runs on the connection's thread
   * @return what arrives, bounded by the prefetch
   */
  public static <T> BlockingQueue<T> consume(
      Channel channel, String queue, int prefetch, BiFunction<Envelope, AmqpMessage, T> arrival)
      throws IOException {
    BlockingQueue<T> arrived = new LinkedBlockingQueue<>();
    channel.basicQos(prefetch);
    channel.basicConsume(
        queue,
        false,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            arrived.add(arrival.apply(envelope, new AmqpMessage(properties, body)));
          }

          @Override
          public void handleCancel(String tag) throws IOException {
            channel.abort();
          }
        });
    return arrived;
  }

  /** Whether a channel's connection ended since a message was larger than its link takes. */
  public static boolean endedByLargeMessage(Channel channel) {
    ShutdownSignalException why = channel.getConnection().getCloseReason();
    return why != null && ConnectionAttempt.isLargeMessage(why);
  }

  /** Ends a channel that may have ended: what is not acknowledged goes back to its queue. */
  public static void end(Channel channel) {
    try {
      channel.abort();
    } catch (IOException | AlreadyClosedException e) {
      log.debug("the channel had ended already", e);
    }
  }
}
