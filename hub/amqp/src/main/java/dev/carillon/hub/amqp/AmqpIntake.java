package dev.carillon.hub.amqp;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.carillon.amqp.AmqpLink;
import dev.carillon.amqp.AmqpMessage;
import dev.carillon.amqp.AmqpSettings;
import dev.carillon.amqp.AmqpUrl;
import dev.carillon.amqp.Channels;
import dev.carillon.amqp.DeadLetters;
import dev.carillon.amqp.MessageReader;
import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.formats.EventFormats;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of an exchange of an AMQP 0-9-1 broker into the hub, through a durable queue of
 * its own: what is published while the hub is away waits there. A message is acknowledged after its
 * event is durable; one that holds no event goes to {@code <queue>.dead-letters} with the reason in
 * its headers. Connects by itself, also to a broker that comes later, and again whenever the
 * connection falls.
 *
 * <p>Holds 64 messages of less than 1 MiB at most, and takes together what there is of them, up to
 * 8 MiB and to half of them, so that others arrive while those are stored. Once a larger one comes,
 * all go back to the queue and are fetched one at a time, until 64 small ones have come in a row.
 * Each way has a connection of its own, and the former ends first.
 */
public final class AmqpIntake implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AmqpIntake.class);
  private static final int PREFETCH = 64;
  private static final int SMALL_BYTES = 1 << 20;
  private static final int MAX_BATCH = PREFETCH / 2;
  private static final long BATCH_BYTES = 8 << 20;
  private static final long POLL_MILLIS = 200;
  private static final long LOOK_MILLIS = 10;
  private static final long AGAIN_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 2_000;
  private static final long COMPLAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private record Arrived(Envelope envelope, AmqpMessage message) {}

  private final String exchange;
  private final String queue;
  private final AmqpRecorder recorder;
  private final AmqpSettings settings;
  private final int largestBytes;
  private final MessageReader reader = new MessageReader(EventFormats.ofDefaults());
  private final LongAdder malformed = new LongAdder();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "carillon-amqp-intake");
  private volatile AmqpLink link;
  private volatile boolean consuming;

  /** Whether the link takes large messages, and one at a time. */
  private boolean oneByOne;

  private long complainedAt = System.nanoTime() - COMPLAIN_NANOS;

  private AmqpIntake(
      AmqpUrl url, String exchange, String queue, AmqpRecorder recorder, int largestBytes) {
    this.exchange = exchange;
    this.queue = queue;
    this.recorder = recorder;
    this.largestBytes = largestBytes;
    settings = AmqpSettings.ofDefaults(url, "carillon hub");
    link = new AmqpLink(settings, SMALL_BYTES);
  }

  /**
   * Begins to bring events; returns at once.
   *
   * @param url where the broker is
   * @param exchange the topic exchange, which is declared
   * @param queue the queue, which is declared and bound for everything
   */
  public static AmqpIntake start(
      AmqpUrl url, String exchange, String queue, AmqpRecorder recorder) {
    return start(url, exchange, queue, recorder, AmqpLink.MESSAGE_BOUND);
  }

  /** As above; a message of so many bytes or more cannot be fetched. */
  static AmqpIntake start(
      AmqpUrl url, String exchange, String queue, AmqpRecorder recorder, int largestBytes) {
    AmqpIntake intake = new AmqpIntake(url, exchange, queue, recorder, largestBytes);
    intake.thread.setDaemon(true);
    intake.thread.start();
    return intake;
  }

  /** Whether events can come now. */
  public boolean isConsuming() {
    return consuming;
  }

  /**
   * Waits until events can come.
   *
   * @return whether that is so; false when time ran out
   */
  public boolean awaitConsuming(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (!consuming && System.nanoTime() - end < 0) {
      await(LOOK_MILLIS);
    }
    return consuming;
  }

  /** Messages that hold no event, or one that cannot be stored. */
  public long malformed() {
    return malformed.sum();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void run() {
    while (!isClosed()) {
      AmqpLink used = link;
      try {
        consume();
      } catch (EventException | IOException | ShutdownSignalException | TimeoutException e) {
        log.debug("consuming ended", e);
        if (!isClosed() && link.isUp()) {
          log.warn("bringing events of {} ended: {}", exchange, String.valueOf(e.getMessage()));
        }
      } catch (InterruptedException e) {
        log.debug("interrupted for closing", e);
      } catch (RuntimeException | Error e) { // whatever it is, the events must go on
        log.error("bringing events of {} failed unexpectedly", exchange, e);
      }
      if (link == used) {
        consuming = false;
        await(AGAIN_MILLIS);
      }
    }
    consuming = false;
  }

  private void await(long millis) {
    try {
      boolean unused = closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      log.debug("interrupted for closing", e);
    }
  }

  private void consume() throws IOException, InterruptedException, TimeoutException {
    Channel channel = Channels.open(link.await(settings.socketTimeout().toNanos()));
    boolean smallAgain = false;
    try {
      channel.exchangeDeclare(exchange, BuiltinExchangeType.TOPIC, true);
      channel.queueDeclare(queue, true, false, false, Map.of());
      channel.queueBind(queue, exchange, "#");
      channel.confirmSelect();
      DeadLetters letters =
          DeadLetters.declare(
              channel, queue + ".dead-letters", settings.socketTimeout().toMillis());
      int prefetch = oneByOne ? 1 : PREFETCH;
      BlockingQueue<Arrived> arrived = Channels.consume(channel, queue, prefetch, Arrived::new);
      consuming = true;
      smallAgain = bringAll(channel, letters, arrived);
    } finally {
      Channels.end(channel);
      if (Channels.endedByLargeMessage(channel)) {
        largeMessage();
      } else if (smallAgain) {
        fetch(false);
      }
    }
  }

  private void largeMessage() {
    if (!oneByOne) {
      log.info("{} has a large message: all are fetched one at a time for a while", queue);
      fetch(true);
    } else if (System.nanoTime() - complainedAt >= COMPLAIN_NANOS) {
      complainedAt = System.nanoTime();
      log.error(
          "{} begins with a message of {} MiB or more, which cannot be fetched:"
              + " nothing comes until it is removed from the queue",
          queue,
          largestBytes >> 20);
    }
  }

  /** Goes on over a new connection; the former ends first, since a broker may allow only one. */
  private void fetch(boolean oneAtATime) {
    oneByOne = oneAtATime;
    link.close();
    link = new AmqpLink(settings, oneByOne ? largestBytes : SMALL_BYTES);
    if (isClosed()) {
      link.close(); // close() may have met the former one
    }
  }

  /**
   * Brings messages until the channel ends, or enough small ones have come one at a time.
   *
   * @return whether the latter is so
   */
  private boolean bringAll(Channel channel, DeadLetters letters, BlockingQueue<Arrived> arrived)
      throws IOException, InterruptedException, TimeoutException {
    int small = 0;
    List<Arrived> batch = new ArrayList<>();
    while (!isClosed() && channel.isOpen() && small < PREFETCH) {
      Arrived first = arrived.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null) {
        long bytes = 0;
        for (Arrived next = first;
            next != null;
            next = batch.size() < MAX_BATCH && bytes < BATCH_BYTES ? arrived.poll() : null) {
          batch.add(next);
          bytes += next.message.body().length;
        }
        bring(channel, letters, batch);
        small = oneByOne && bytes < SMALL_BYTES ? small + 1 : 0;
        batch.clear();
      }
    }
    return small == PREFETCH;
  }

  private void bring(Channel channel, DeadLetters letters, List<Arrived> batch)
      throws IOException, InterruptedException, TimeoutException {
    List<Arrived> readable = new ArrayList<>(batch.size());
    List<CloudEvent> events = new ArrayList<>(batch.size());
    for (Arrived one : batch) {
      try {
        events.add(reader.read(one.message, one.envelope.getExchange()));
        readable.add(one);
      } catch (EventValidationException e) {
        setAside(letters, one, String.valueOf(e.getMessage()));
      }
    }
    List<@Nullable String> reasons = events.isEmpty() ? List.of() : store(channel, events);
    for (int i = 0; i < reasons.size(); i++) {
      String reason = reasons.get(i);
      if (reason != null) {
        setAside(letters, readable.get(i), reason);
      }
    }
    // All are settled up to the last, one way or the other; the ones set aside were one by one.
    for (int i = reasons.size() - 1; i >= 0; i--) {
      if (reasons.get(i) == null) {
        channel.basicAck(readable.get(i).envelope.getDeliveryTag(), true);
        return;
      }
    }
  }

  /** Stores events, again and again until the log takes them or the channel has ended. */
  private List<@Nullable String> store(Channel channel, List<CloudEvent> events)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return recorder.record(events);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        log.warn("{} events cannot be stored now: {}", events.size(), String.valueOf(e));
      }
      await(AGAIN_MILLIS);
      if (isClosed() || !channel.isOpen()) {
        throw new IOException("ended before the events were stored");
      }
    }
  }

  private void setAside(DeadLetters letters, Arrived one, String reason)
      throws IOException, InterruptedException, TimeoutException {
    malformed.increment();
    log.warn("message {} is a dead letter: {}", one.message.properties().getMessageId(), reason);
    letters.add(new DeadLetters.Letter(one.envelope, one.message, queue, 1), "malformed", reason);
  }

  /** Finishes what is being stored, for two seconds at most; the rest goes back to the queue. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(CLOSE_MILLIS);
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    link.close();
  }
}
