package dev.carillon.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sets messages aside in a queue, each with the reason in its headers, and brings them back. Works
 * on any broker, since it needs no arguments of the queue. A message is acknowledged only after the
 * broker has confirmed its copy, so it may be there twice but is never lost. Not thread-safe.
 */
public final class DeadLetters {

  private static final String PREFIX = "x-carillon-";
  private static final String REDRIVEN = PREFIX + "redriven";
  private static final int PERSISTENT = 2;
  private static final int LONGEST_REASON = 1_000;
  private static final String DEFAULT_EXCHANGE = "";

  private final Channel channel;
  private final String queue;
  private final long confirmMillis;
  private volatile boolean returned;

  private DeadLetters(Channel channel, String queue, long confirmMillis) {
    this.channel = channel;
    this.queue = queue;
    this.confirmMillis = confirmMillis;
  }

  /**
   * Makes the queue, for use on one channel, in confirm mode, by one thread.
   *
   * @param confirmMillis how long the broker may take to confirm a copy
   */
  public static DeadLetters declare(Channel channel, String queue, long confirmMillis)
      throws IOException {
    channel.queueDeclare(queue, true, false, false, Map.of());
    DeadLetters letters = new DeadLetters(channel, queue, confirmMillis);
    channel.addReturnListener(back -> letters.returned = true);
    return letters;
  }

  /** A message on its way aside. */
  public record Letter(Envelope envelope, AmqpMessage message, String queue, int attempts) {}

  /**
   * Sets a message aside, and acknowledges it.
   *
   * @param reason in a word, for programs
   * @param error in a sentence, for people
   */
  public void add(Letter letter, String reason, String error)
      throws IOException, InterruptedException, TimeoutException {
    Map<String, Object> headers = new HashMap<>();
    if (letter.message().properties().getHeaders() != null) {
      headers.putAll(letter.message().properties().getHeaders());
    }
    headers.put(PREFIX + "reason", reason);
    headers.put(PREFIX + "error", cut(error));
    headers.put(PREFIX + "attempts", letter.attempts());
    headers.put(PREFIX + "failed-at", Instant.now().toString());
    headers.put(PREFIX + "queue", letter.queue());
    headers.put(PREFIX + "exchange", letter.envelope().getExchange());
    headers.put(PREFIX + "routing-key", letter.envelope().getRoutingKey());
    publish(queue, letter.message().properties(), headers, letter.message().body());
    channel.basicAck(letter.envelope().getDeliveryTag(), false);
  }

  /**
   * Brings dead letters back to the queue where they failed.
   *
   * @return how many
   */
  public int redrive(String to, int limit)
      throws IOException, InterruptedException, TimeoutException {
    long there = channel.messageCount(queue); // what fails again meanwhile is not taken twice
    int moved = 0;
    for (GetResponse dead = next(moved, limit, there);
        dead != null;
        dead = next(moved, limit, there)) {
      Map<String, Object> headers = new HashMap<>();
      Map<String, Object> known = dead.getProps().getHeaders();
      if (known != null) {
        headers.putAll(known);
      }
      Object times = headers.get(REDRIVEN);
      headers.keySet().removeIf(name -> name.startsWith(PREFIX));
      headers.put(REDRIVEN, times instanceof Number number ? number.intValue() + 1 : 1);
      publish(to, dead.getProps(), headers, dead.getBody());
      channel.basicAck(dead.getEnvelope().getDeliveryTag(), false);
      moved++;
    }
    return moved;
  }

  private @Nullable GetResponse next(int moved, int limit, long there) throws IOException {
    return moved < Math.min(limit, there) ? channel.basicGet(queue, false) : null;
  }

  private void publish(
      String to, BasicProperties properties, Map<String, Object> headers, byte[] body)
      throws IOException, InterruptedException, TimeoutException {
    returned = false;
    channel.basicPublish(
        DEFAULT_EXCHANGE,
        to,
        true,
        properties.builder().headers(headers).deliveryMode(PERSISTENT).expiration(null).build(),
        body);
    channel.waitForConfirmsOrDie(confirmMillis);
    if (returned) {
      throw new IOException("there is no queue " + to + " any more");
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
  }
}
