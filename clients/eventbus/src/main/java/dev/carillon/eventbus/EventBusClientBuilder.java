package dev.carillon.eventbus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.zeromq.KeyFile;
import dev.carillon.zeromq.KeyFile.Part;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link EventBusClient}. Not thread-safe.
 *
 * @param <E> the class of events
 * @param <T> the enum of their types, or {@code String}
 * @param <P> the enum of topics, or any other class that can be named
 */
public final class EventBusClientBuilder<E, T extends Comparable<T>, P> {

  private final Class<E> eventClass;
  private final Class<T> typeClass;
  private String host = "localhost";
  private int publishPort = 5559;
  private int subscribePort = 5560;
  private int acknowledgePort = BusSettings.OFF;
  private Duration connectTimeout = Duration.ofSeconds(5);
  private Duration sendTimeout = Duration.ofSeconds(30);
  private Duration closeTimeout = Duration.ofSeconds(2);
  private int sendCapacity = 10_000;
  private OverflowPolicy sendPolicy = OverflowPolicy.BLOCK;
  private int receiveCapacity = 10_000;
  private OverflowPolicy receivePolicy = OverflowPolicy.DROP_OLDEST;
  private int highWaterMark = 1_000;
  private int maxEventBytes = 1 << 20;
  private int compressFrom = BusSettings.NEVER;
  private Duration heartbeat = Duration.ofSeconds(5);
  private Duration reconnectDelay = Duration.ofMillis(100);
  private Duration longestReconnectDelay = Duration.ofSeconds(5);
  private BusSettings.@Nullable Keys keys;
  private Function<CloudEvent, String> topicOfCloudEvents = CloudEventCodec::topicOf;
  private Set<String> sourceTopics = Set.of();
  private StateListener listener = (state, reason) -> {};
  private Clock clock = Clock.systemUTC();
  private Function<? super P, String> topicNames = Topics::nameOf;
  private ObjectMapper mapper;
  private @Nullable EventEncoding<E, T> encoding;

  EventBusClientBuilder(Class<E> eventClass, Class<T> typeClass) {
    this.eventClass = eventClass;
    this.typeClass = typeClass;
    mapper = JacksonEncoding.defaults(typeClass).build();
  }

  /** The proxy's host; default localhost. */
  public EventBusClientBuilder<E, T, P> host(String name) {
    host = Objects.requireNonNull(name);
    return this;
  }

  /** The port where publishers connect, 1 to 65,535; default 5559. */
  public EventBusClientBuilder<E, T, P> publishPort(int port) {
    publishPort = port;
    return this;
  }

  /** The port where subscribers connect, 1 to 65,535; default 5560. */
  public EventBusClientBuilder<E, T, P> subscribePort(int port) {
    subscribePort = port;
    return this;
  }

  /**
   * Makes a client that only publishes and needs no subscribers' port. It takes a Carillon proxy's
   * word for being ready; at any other it waits for a second after connecting, and what is lost
   * when a connection breaks is not counted as in doubt.
   */
  public EventBusClientBuilder<E, T, P> publishOnly() {
    subscribePort = BusSettings.OFF;
    return this;
  }

  /**
   * Makes a client that only receives and needs no publishers' port. It connects in a quarter of a
   * second, in case it is refused. It cannot know when its subscriptions are in force, so {@code
   * subscribe} does not wait for that.
   */
  public EventBusClientBuilder<E, T, P> receiveOnly() {
    publishPort = BusSettings.OFF;
    return this;
  }

  /**
   * Publishes to the acknowledging port of a Carillon proxy, which answers for each event: receipts
   * then say {@code STORED} or {@code ACKNOWLEDGED}. Off unless set.
   */
  public EventBusClientBuilder<E, T, P> acknowledgePort(int port) {
    acknowledgePort = port;
    return this;
  }

  /** How long {@code connect} and {@code subscribe} wait for the proxy; default 5 s. */
  public EventBusClientBuilder<E, T, P> connectTimeout(Duration most) {
    connectTimeout = most;
    return this;
  }

  /**
   * How long an event may wait to be sent, and for its answer if it gets one; default 30 s. Then it
   * is given up and counted as expired, or as failed.
   */
  public EventBusClientBuilder<E, T, P> sendTimeout(Duration most) {
    sendTimeout = most;
    return this;
  }

  /** How long {@code close} goes on sending what is queued; default 2 s. */
  public EventBusClientBuilder<E, T, P> closeTimeout(Duration most) {
    closeTimeout = Objects.requireNonNull(most);
    return this;
  }

  /** How many events may wait to be sent, and what to do with more; default 10,000, BLOCK. */
  public EventBusClientBuilder<E, T, P> sendQueue(int events, OverflowPolicy policy) {
    sendCapacity = events;
    sendPolicy = Objects.requireNonNull(policy);
    return this;
  }

  /**
   * How many events that came may wait, and what to do with more; default 10,000, DROP_OLDEST. What
   * is received by hand, the callbacks, and each subscription of the source have queues of their
   * own. None holds more than 64 MiB.
   */
  public EventBusClientBuilder<E, T, P> receiveQueue(int events, OverflowPolicy policy) {
    receiveCapacity = events;
    receivePolicy = Objects.requireNonNull(policy);
    return this;
  }

  /**
   * Has this client drop nothing: both queues block. The cost: who receives slowly holds up what
   * comes after, and together with a proxy that drops nothing either, everybody on the bus.
   */
  public EventBusClientBuilder<E, T, P> noDrop() {
    sendPolicy = OverflowPolicy.BLOCK;
    receivePolicy = OverflowPolicy.BLOCK;
    return this;
  }

  /** ZeroMQ's high-water mark, in messages, each way; default 1000. */
  public EventBusClientBuilder<E, T, P> highWaterMark(int messages) {
    highWaterMark = messages;
    return this;
  }

  /** How large an event's JSON may be, in bytes; default 1 MiB. */
  public EventBusClientBuilder<E, T, P> maxEventBytes(int bytes) {
    maxEventBytes = bytes;
    return this;
  }

  /**
   * Compresses (gzip) events of so many bytes or more, and asks for events so. It needs a proxy
   * that offers it; other clients of that proxy get plain JSON all the same, and with any other
   * proxy nothing is compressed. Off unless set.
   */
  public EventBusClientBuilder<E, T, P> compressFrom(int bytes) {
    compressFrom = bytes;
    return this;
  }

  /**
   * How often the connection is tried; after three times in vain it counts as broken. Default 5 s.
   * A proxy that has no room answers nothing, but tries by itself, every 5 s in Carillon's: less
   * than a third of that takes such a proxy for a broken one. A client that blocks ({@link
   * #noDrop}) counts nothing as broken that may only be full.
   */
  public EventBusClientBuilder<E, T, P> heartbeat(Duration interval) {
    heartbeat = interval;
    return this;
  }

  /**
   * How long to wait before looking for a proxy that is gone: at first, then doubling, and at most;
   * default 100 ms and 5 s. A proxy that refuses this client is tried at the longest interval.
   */
  public EventBusClientBuilder<E, T, P> reconnectDelay(Duration first, Duration longest) {
    reconnectDelay = first;
    longestReconnectDelay = longest;
    return this;
  }

  /**
   * Encrypts with CURVE.
   *
   * @param ownSecretKeys this client's key file, as {@link CurveKeys} makes it
   * @param proxysPublicKey the proxy's key file
   * @throws IOException if one of them is no key file
   */
  public EventBusClientBuilder<E, T, P> curve(Path ownSecretKeys, Path proxysPublicKey)
      throws IOException {
    KeyFile own = KeyFile.read(ownSecretKeys);
    keys =
        new BusSettings.Keys(
            own.key(Part.PUBLIC),
            own.key(Part.SECRET),
            KeyFile.read(proxysPublicKey).key(Part.PUBLIC));
    return this;
  }

  /**
   * Encrypts with CURVE, by keys that lie in no file, such as those of a vault or the environment;
   * each is 40 characters of Z85, as in key files.
   *
   * @param ownPublicKey this client's public key
   * @param ownSecretKey the secret key that belongs to it
   * @param proxysPublicKey the proxy's public key
   * @throws IllegalArgumentException if one of them is no key; it says which, and not what it holds
   */
  public EventBusClientBuilder<E, T, P> curve(
      String ownPublicKey, String ownSecretKey, String proxysPublicKey) {
    keys =
        new BusSettings.Keys(
            KeyFile.decode("ownPublicKey", ownPublicKey),
            KeyFile.decode("ownSecretKey", ownSecretKey),
            KeyFile.decode("proxysPublicKey", proxysPublicKey));
    return this;
  }

  /** The topic that CloudEvents go to; default their subject, or their type if they have none. */
  public EventBusClientBuilder<E, T, P> topicOfCloudEvents(Function<CloudEvent, String> naming) {
    topicOfCloudEvents = Objects.requireNonNull(naming);
    return this;
  }

  /** The topics whose events {@code subscribe(filter, handler)} sees; default all there are. */
  public EventBusClientBuilder<E, T, P> sourceTopics(Set<String> topics) {
    sourceTopics = Set.copyOf(topics);
    return this;
  }

  /**
   * How topics are named on the wire; default the constant's {@code JsonProperty} or name, or
   * {@code toString}.
   */
  public EventBusClientBuilder<E, T, P> topicNames(Function<? super P, String> naming) {
    topicNames = Objects.requireNonNull(naming);
    return this;
  }

  /** Who hears of changes of the connection. */
  public EventBusClientBuilder<E, T, P> stateListener(StateListener hears) {
    listener = Objects.requireNonNull(hears);
    return this;
  }

  /**
   * Varies how events become JSON, such as the naming of their members: {@code json(json ->
   * json.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE))}. The default, from which
   * each call starts, has names as they are, and ignores members that the class does not know. Of
   * this and {@link #objectMapper} the last call counts.
   */
  public EventBusClientBuilder<E, T, P> json(UnaryOperator<JsonMapper.Builder> varied) {
    return objectMapper(varied.apply(JacksonEncoding.defaults(typeClass)).build());
  }

  /**
   * How events become JSON, by a mapper that owes nothing to the default; {@link #json} only varies
   * that. With any mapper that knows {@code java.time} ({@code JavaTimeModule}) times are written
   * as ISO 8601 and read without an offset as UTC; with any at all, events with NaN or an infinity,
   * which JSON does not have, are refused.
   */
  public EventBusClientBuilder<E, T, P> objectMapper(ObjectMapper own) {
    mapper = Objects.requireNonNull(own);
    return this;
  }

  /** How events become bytes, if not by Jackson; the class then needs no properties. */
  public EventBusClientBuilder<E, T, P> encoding(EventEncoding<E, T> own) {
    encoding = Objects.requireNonNull(own);
    return this;
  }

  /**
   * The clock for events without a time, for receipts, and for the 30 s after which {@code
   * receiveEvent} counts as given up; default the system's.
   */
  public EventBusClientBuilder<E, T, P> clock(Clock value) {
    clock = Objects.requireNonNull(value);
    return this;
  }

  /**
   * The client, not connected yet.
   *
   * @throws IllegalArgumentException if the event class has no {@code type} and {@code time}, or an
   *     option is out of its range, or options contradict each other
   */
  public EventBusClient<E, T, P> build() {
    return new EventBusClient<>(this);
  }

  EventEncoding<E, T> encoding() {
    return encoding != null
        ? encoding
        : new JacksonEncoding<>(mapper, eventClass, typeClass, clock);
  }

  Function<? super P, String> topicNames() {
    return topicNames;
  }

  BusSettings settings() {
    return new BusSettings(
        host,
        publishPort,
        subscribePort,
        acknowledgePort,
        connectTimeout,
        sendTimeout,
        closeTimeout,
        sendCapacity,
        sendPolicy,
        receiveCapacity,
        receivePolicy,
        highWaterMark,
        maxEventBytes,
        compressFrom,
        heartbeat,
        reconnectDelay,
        longestReconnectDelay,
        keys,
        topicOfCloudEvents,
        sourceTopics,
        listener,
        clock);
  }
}
