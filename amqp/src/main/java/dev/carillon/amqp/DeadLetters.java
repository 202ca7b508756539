package dev.carillon.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.Frame;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sets messages aside in a queue, each with the reason in its headers, and brings them back. Works
 * on any broker, since it needs no arguments of the queue. A message is acknowledged only after the
 * broker has confirmed its copy, so it may be there twice but is never lost. Not thread-safe.
 */
public final class DeadLetters {

  private static final String PREFIX = "x-carillon-";
  private static final String EXCHANGE = PREFIX + "exchange";
  private static final String ROUTING_KEY = PREFIX + "routing-key";
  private static final String REDRIVEN = PREFIX + "redriven";
  private static final String DROPPED = PREFIX + "headers-dropped";
  private static final String USER_ID = PREFIX + "user-id";
  private static final Set<String> LASTING = Set.of(EXCHANGE, ROUTING_KEY, DROPPED, USER_ID);
  private static final Set<String> MORE_ROUTING_KEYS = Set.of("CC", "BCC");
  private static final int LONGEST_NAME = 255;
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
   * Sets a message aside, and acknowledges it. Headers that leave no room for the reason are left
   * out, the largest first; {@code x-carillon-headers-dropped} says how many. Its user id, which a
   * broker takes from that user only, goes into {@code x-carillon-user-id}.
   *
   * @param reason in a word, for programs
   * @param error in a sentence, for people
   */
  public void add(Letter letter, String reason, String error)
      throws IOException, InterruptedException, TimeoutException {
    Map<String, Object> ours = new HashMap<>();
    ours.put(PREFIX + "reason", reason);
    ours.put(PREFIX + "error", cut(error));
    ours.put(PREFIX + "attempts", letter.attempts());
    ours.put(PREFIX + "failed-at", Instant.now().toString());
    ours.put(PREFIX + "queue", letter.queue());
    ours.put(EXCHANGE, exchangeOf(letter.message(), letter.envelope().getExchange()));
    ours.put(ROUTING_KEY, origin(letter.message(), ROUTING_KEY, letter.envelope().getRoutingKey()));
    if (letter.message().properties().getUserId() != null) {
      ours.put(USER_ID, letter.message().properties().getUserId());
    }
    publish(queue, letter.message().properties(), ours, letter.message().body());
    channel.basicAck(letter.envelope().getDeliveryTag(), false);
  }

  /** The exchange of a message: where it came from at first, if it was brought back since. */
  static String exchangeOf(AmqpMessage message, String latest) {
    return origin(message, EXCHANGE, latest);
  }

  private static String origin(AmqpMessage message, String header, String latest) {
    Map<String, Object> headers = message.properties().getHeaders();
    Object first = headers == null || !headers.containsKey(REDRIVEN) ? null : headers.get(header);
    // Strangers may have written it, who know no bounds.
    return first == null || first.toString().length() > LONGEST_NAME ? latest : first.toString();
  }

  /**
   * Brings dead letters back to the queue where they failed. They keep the exchange and the routing
   * key that they came with at first, since these are part of what the event is.
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
      Map<String, Object> headers = headersOf(dead.getProps());
      Object times = headers.get(REDRIVEN);
      headers.keySet().removeIf(name -> name.startsWith(PREFIX) && !LASTING.contains(name));
      int redriven = times instanceof Number number ? number.intValue() + 1 : 1;
      BasicProperties kept = dead.getProps().builder().headers(headers).build();
      publish(to, kept, Map.of(REDRIVEN, redriven), dead.getBody());
      channel.basicAck(dead.getEnvelope().getDeliveryTag(), false);
      moved++;
    }
    return moved;
  }

  private @Nullable GetResponse next(int moved, int limit, long there) throws IOException {
    return moved < Math.min(limit, there) ? channel.basicGet(queue, false) : null;
  }

  private static Map<String, Object> headersOf(BasicProperties properties) {
    return properties.getHeaders() == null
        ? new HashMap<>()
        : new HashMap<>(properties.getHeaders());
  }

  /**
   * Publishes a copy with further headers, to this queue alone and by whoever has this connection.
   */
  private void publish(String to, BasicProperties properties, Map<String, Object> ours, byte[] body)
      throws IOException, InterruptedException, TimeoutException {
    returned = false;
    Map<String, Object> headers = headersOf(properties);
    headers.keySet().removeAll(MORE_ROUTING_KEYS);
    headers.putAll(ours);
    BasicProperties.Builder copy =
        properties.builder().deliveryMode(MessageFormat.PERSISTENT).expiration(null).userId(null);
    channel.basicPublish(
        DEFAULT_EXCHANGE, to, true, fitting(copy, headers, ours.keySet(), body), body);
    channel.waitForConfirmsOrDie(confirmMillis);
    if (returned) {
      throw new IOException("there is no queue " + to + " any more");
    }
  }

  /** All headers must fit into one frame: beyond that the client throws, having counted them. */
  private BasicProperties fitting(
      BasicProperties.Builder properties,
      Map<String, Object> headers,
      Set<String> ours,
      byte[] body)
      throws IOException {
    int room = channel.getConnection().getFrameMax();
    int dropped = 0;
    BasicProperties whole = properties.headers(headers).build();
    while (room > 0 && whole.toFrame(channel.getChannelNumber(), body.length).size() > room) {
      String largest = largest(headers, ours);
      if (largest == null) {
        break;
      }
      headers.remove(largest);
      dropped++;
      headers.put(DROPPED, dropped);
      whole = properties.headers(headers).build();
    }
    return whole;
  }

  private static @Nullable String largest(Map<String, Object> headers, Set<String> ours)
      throws IOException {
    String largest = null;
    long most = 0;
    for (Map.Entry<String, Object> header : headers.entrySet()) {
      long size = Frame.tableSize(Collections.singletonMap(header.getKey(), header.getValue()));
      boolean counts = header.getKey().equals(DROPPED) && header.getValue() instanceof Integer;
      if (size > most && !counts && !ours.contains(header.getKey())) {
        largest = header.getKey();
        most = size;
      }
    }
    return largest;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
  }
}
