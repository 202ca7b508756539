package dev.carillon.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import dev.carillon.amqp.Channels;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventValidationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open AMQP channel in confirm mode, from its opening to its end. One thread publishes; what the
 * broker says comes on the connection's thread, which does no more than take notes here.
 */
final class OpenChannel implements ConfirmListener {

  private static final long UNTIL_RETURN_MILLIS = 200;
  private static final int TYPICAL_ACK = 32;

  private final EventPublisherConfig config;
  private final Channel channel;
  private final Settlement settlement;
  private final Runnable onChange;
  private final Unconfirmed unconfirmed;
  private final boolean returnsFirst;
  private final Executor later;
  private final Map<Published, Delivery> refused = new ConcurrentHashMap<>();
  private volatile @Nullable ShutdownSignalException end;
  private volatile boolean lost;
  private volatile long heardAt = System.nanoTime();

  /** How a return says which event it is about. */
  private record Published(@Nullable String id, String routingKey) {}

  private OpenChannel(
      Connection connection,
      Channel channel,
      EventPublisherConfig config,
      Settlement settlement,
      Runnable onChange) {
    this.channel = channel;
    this.config = config;
    this.settlement = settlement;
    this.onChange = onChange;
    this.unconfirmed = new Unconfirmed(config.maxInFlight());
    this.later =
        CompletableFuture.delayedExecutor(
            UNTIL_RETURN_MILLIS, TimeUnit.MILLISECONDS, settlement.chores());
    Object product = connection.getServerProperties().get("product");
    this.returnsFirst = product != null && product.toString().equals("RabbitMQ");
  }

  /**
   * Opens a channel, with its exchange.
   *
   * @param onChange called when there is room, or the channel is lost; must be quick
   * @throws IOException if the broker will not have it or is not there
   */
  static OpenChannel open(
      Connection connection, EventPublisherConfig config, Settlement settlement, Runnable onChange)
      throws IOException {
    Channel channel = Channels.open(connection);
    OpenChannel open = new OpenChannel(connection, channel, config, settlement, onChange);
    try {
      open.prepare();
    } catch (IOException | RuntimeException e) {
      Channels.end(channel); // else one that was not answered in time stays open beside the next
      throw e;
    }
    return open;
  }

  private void prepare() throws IOException {
    if (config.declareExchange()) {
      channel.exchangeDeclare(config.exchangeName(), BuiltinExchangeType.TOPIC, true);
    }
    channel.addConfirmListener(this);
    channel.addReturnListener(this::returned);
    // Not confirmSelect(), which also keeps a sorted set of all sequence numbers, under a lock.
    channel.rpc(new AMQP.Confirm.Select.Builder().build());
    channel.addShutdownListener(this::ended); // is called at once if it has ended already
  }

  Unconfirmed unconfirmed() {
    return unconfirmed;
  }

  boolean isLost() {
    return lost;
  }

  /** Why the broker ended this channel alone, in its words; null if it did not. */
  @Nullable String refusal() {
    ShutdownSignalException why = end;
    return why != null
            && !why.isInitiatedByApplication()
            && !why.isHardError()
            && why.getReason() instanceof AMQP.Channel.Close said
        ? said.getReplyText()
        : null;
  }

  /** All that are on their way, settled ones too. */
  void forEachOpen(Consumer<Delivery> each) {
    unconfirmed.forEach(each);
    refused.values().forEach(each);
  }

  /** When the broker last confirmed anything here, or the channel was opened. */
  long heardAt() {
    return heardAt;
  }

  /** For the owning thread. */
  void publish(Delivery delivery) {
    delivery.markSent();
    unconfirmed.add(delivery);
    try {
      channel.basicPublish(
          config.exchangeName(),
          delivery.routingKey,
          config.mandatory(),
          delivery.message.properties(),
          delivery.message.body());
    } catch (IOException | AlreadyClosedException e) {
      lose();
    } catch (RuntimeException e) {
      // Such as headers beyond a frame. The client has counted it, the broker has not.
      settlement.fail(
          delivery, new EventValidationException("event", "cannot be sent: " + e.getMessage()));
      abandon();
    } catch (Error e) {
      abandon(); // or each confirm would be taken for that of the event before
      throw e;
    }
  }

  /** Ends this channel from this side. */
  void abandon() {
    lose();
    Channels.end(channel);
  }

  private void ended(ShutdownSignalException why) {
    end = why;
    lose();
  }

  private void lose() {
    lost = true;
    onChange.run();
  }

  @Override
  public void handleAck(long sequence, boolean multiple) {
    heardAt = System.nanoTime();
    List<Delivery> done = new ArrayList<>(multiple ? TYPICAL_ACK : 1);
    unconfirmed.confirmed(
        sequence,
        multiple,
        delivery -> {
          if (delivery.claim(delivery.returned())) {
            done.add(delivery);
          }
        });
    settlement.complete(done);
    onChange.run();
  }

  @Override
  public void handleNack(long sequence, boolean multiple) {
    heardAt = System.nanoTime();
    unconfirmed.confirmed(sequence, multiple, this::refuse);
    onChange.run();
  }

  private void refuse(Delivery delivery) {
    EventException returned = delivery.returned();
    if (returned != null) {
      settlement.fail(delivery, returned);
    } else if (returnsFirst || !config.mandatory()) {
      settlement.fail(delivery, refusedByQueue());
    } else {
      // Other brokers refuse first and say afterwards that no queue would take it.
      Published published = new Published(delivery.eventId, delivery.routingKey);
      refused.put(published, delivery);
      later.execute(
          () -> {
            refused.remove(published, delivery);
            settlement.fail(delivery, refusedByQueue());
          });
    }
  }

  private EventException refusedByQueue() {
    return new EventRejectedException(
        "the broker did not take it: a queue bound to "
            + config.exchangeName()
            + " is full or failed",
        true,
        null);
  }

  private void returned(Return back) {
    EventException why =
        new EventRejectedException(
            "no queue takes "
                + back.getRoutingKey()
                + " from exchange "
                + back.getExchange()
                + ": "
                + back.getReplyText(),
            false,
            null);
    String id = back.getProperties().getMessageId();
    Delivery delivery = unconfirmed.find(id, back.getRoutingKey());
    if (delivery != null) {
      delivery.markReturned(why);
    }
    Delivery known = refused.remove(new Published(id, back.getRoutingKey()));
    if (known != null) {
      known.markReturned(why);
      settlement.fail(known, why);
    }
  }
}
