package dev.carillon.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import dev.carillon.amqp.AmqpLink;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.SinkClosedException;
import java.io.IOException;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way to the broker, through all the channels that fall and are opened again: a queue, and the
 * thread that alone publishes on the channel. What was unconfirmed when a channel fell goes first
 * on the next, in its order. After the broker ended a channel because of what it was sent, those go
 * one at a time, so that only the one that is to blame fails, at its second try.
 */
final class ConfirmingChannel {

  static final Logger log = LoggerFactory.getLogger(ConfirmingChannel.class);

  private static final long BLOCKED_POLL = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private final AmqpLink link;
  private final EventPublisherConfig config;
  private final Settlement settlement;
  private final Counters counters;
  private final LatestChannel latest;
  private final Queue<Delivery> waiting = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private final AtomicBoolean parked = new AtomicBoolean();
  private final Deque<Delivery> again = new ConcurrentLinkedDeque<>();
  private volatile @Nullable Delivery inHand;
  private volatile boolean closed;
  private int suspects;
  private volatile long blockedAt = System.nanoTime();

  ConfirmingChannel(
      AmqpLink link,
      EventPublisherConfig config,
      Settlement settlement,
      Counters counters,
      int number) {
    this.link = link;
    this.config = config;
    this.settlement = settlement;
    this.counters = counters;
    latest = new LatestChannel(link, config, settlement, this::wake);
    thread = new Thread(this::run, "carillon-rabbitmq-channel-" + number);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void add(Delivery delivery) {
    waiting.add(delivery);
    wake();
  }

  /** Ends the thread, which abandons what is left here. */
  void close() {
    closed = true;
    wake();
  }

  private void wake() {
    if (parked.get() && parked.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  private void parkUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      parked.set(true);
      if (!condition.getAsBoolean()) {
        if (link.blockedNanos() >= 0) {
          LockSupport.parkNanos(this, BLOCKED_POLL);
        } else {
          LockSupport.park(this);
        }
      }
      parked.set(false);
    }
  }

  private void run() {
    while (!closed) {
      try {
        step();
      } catch (RuntimeException | Error e) { // whatever it is, the events behind it must go on
        log.error("publishing failed unexpectedly", e);
        LockSupport.parkNanos(this, PAUSE);
      }
    }
    abandon(); // what was between two places when others looked
  }

  private void step() {
    OpenChannel fallen = latest.lost();
    if (fallen != null) {
      recover(fallen);
    }
    Delivery next = again.isEmpty() ? waiting.poll() : again.poll();
    if (next == null) {
      parkUntil(() -> closed || latest.lost() != null || !waiting.isEmpty());
    } else if (!next.isSettled()) {
      inHand = next;
      try {
        send(next);
      } catch (RuntimeException | Error e) {
        settlement.fail( // or nobody would have it any more
            next, next.wasSent() ? EventException.of(e) : EventException.unsent(e));
        throw e;
      }
      inHand = null;
    } else if (suspects > 0) {
      suspects--;
    }
  }

  private void send(Delivery next) {
    OpenChannel channel;
    try {
      channel = latest.orOpened(next.nanosLeft());
    } catch (EventException e) {
      settlement.fail(next, e);
      return;
    } catch (IOException | ShutdownSignalException e) {
      log.debug("opening a channel failed", e);
      again.addFirst(next);
      LockSupport.parkNanos(this, PAUSE); // until the link has noticed too
      return;
    }
    boolean alone = suspects > 0;
    parkUntil(() -> closed || channel.isLost() || next.isSettled() || hasRoom(channel, alone));
    if (closed || channel.isLost()) {
      again.addFirst(next);
      return;
    }
    if (alone) {
      suspects--;
    }
    if (!next.isSettled()) {
      channel.publish(next);
    }
  }

  private boolean hasRoom(OpenChannel channel, boolean alone) {
    return link.blockedNanos() < 0
        && (alone ? channel.unconfirmed().isEmpty() : channel.unconfirmed().hasRoom());
  }

  private void recover(OpenChannel fallen) {
    latest.drop();
    List<Delivery> left = fallen.unconfirmed().drain();
    String blame = fallen.refusal();
    if (blame != null) {
      log.warn("the broker ended a channel: {}", blame);
    }
    if (blame != null && left.size() == 1 && left.get(0).attempts > 1) {
      settlement.fail(
          left.get(0), new EventRejectedException("the broker refused it: " + blame, false, null));
      return;
    }
    int allowed = config.retryAttempts() + (blame == null ? 1 : 2);
    int kept = 0;
    for (int i = left.size() - 1; i >= 0; i--) {
      Delivery delivery = left.get(i);
      if (delivery.attempts >= allowed) {
        settlement.fail(
            delivery,
            new EventConnectionException(
                "the connection fell before the broker confirmed it", true, null));
      } else {
        again.addFirst(delivery);
        kept++;
      }
    }
    counters.resent(kept);
    suspects = blame == null ? suspects : Math.max(suspects, kept);
  }

  /** Fails what has run out of time, wherever it is; cuts a connection that says nothing. */
  void expire(long now) {
    for (Iterator<Delivery> each = waiting.iterator(); each.hasNext(); ) {
      Delivery delivery = each.next();
      if (delivery.deadline - now > 0) {
        break; // those behind it came later
      }
      each.remove();
      timeOut(delivery);
    }
    forEachTaken(
        delivery -> {
          if (delivery.deadline - now <= 0) {
            timeOut(delivery);
          }
        });
    if (link.blockedNanos() >= 0) {
      blockedAt = now;
    }
    OpenChannel channel = latest.orNull();
    if (channel != null && !channel.isLost()) {
      channel.unconfirmed().forEach(delivery -> listen(channel, delivery, now));
    }
    wake();
  }

  private void forEachTaken(Consumer<Delivery> each) {
    again.forEach(each);
    Delivery taken = inHand;
    if (taken != null) {
      each.accept(taken);
    }
    OpenChannel channel = latest.orNull();
    if (channel != null) {
      channel.forEachOpen(each);
    }
  }

  private void listen(OpenChannel channel, Delivery delivery, long now) {
    long patience = config.socketTimeout().toNanos();
    if (now - delivery.sentAt > patience
        && now - channel.heardAt() > patience
        && now - blockedAt > patience) { // it has as long for what piled up while it was blocked
      link.cut("nothing was confirmed for " + config.socketTimeout());
    }
  }

  private void timeOut(Delivery delivery) {
    String state =
        link.blockedNanos() >= 0
            ? ", the broker has blocked publishing"
            : link.isUp() ? "" : ", there is no connection";
    String message = "not confirmed within " + config.publishTimeout() + state;
    settlement.fail(delivery, new EventTimeoutException(message, delivery.wasSent(), null));
  }

  /** Fails all that is here because of closing. */
  void abandon() {
    Consumer<Delivery> fail =
        delivery ->
            settlement.fail(
                delivery,
                new SinkClosedException(
                    "the publisher was closed before the broker confirmed it", delivery.wasSent()));
    for (Delivery next = waiting.poll(); next != null; next = waiting.poll()) {
      fail.accept(next);
    }
    forEachTaken(fail);
  }
}
