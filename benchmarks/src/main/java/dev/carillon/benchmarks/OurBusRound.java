package dev.carillon.benchmarks;

import dev.carillon.eventbus.EventBusClient;
import dev.carillon.eventbus.EventBusClientBuilder;
import dev.carillon.eventbus.EventEncoding;
import dev.carillon.hub.bus.EventBusProxy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** Our clients through our proxy; nothing is dropped. */
final class OurBusRound<E> implements BusRound {

  private static final String TOPIC = "my_service";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  enum Kind {
    updated
  }

  /** An event of 256 bytes. */
  record Typed(Kind type, Instant time, long sent, String note) {}

  private final EventBusProxy proxy;
  private final EventBusClient<E, Kind, String> publisher;
  private final EventBusClient<E, Kind, String> subscriber;
  private final LongFunction<E> event;
  private final ToLongFunction<E> number;

  private OurBusRound(
      EventBusClientBuilder<E, Kind, String> builder,
      LongFunction<E> event,
      ToLongFunction<E> number)
      throws IOException {
    this.event = event;
    this.number = number;
    proxy = EventBusProxy.builder().publishPort(0).subscribePort(0).noDrop(true).start();
    builder
        .host("127.0.0.1")
        .publishPort(proxy.publishAddress().getPort())
        .subscribePort(proxy.subscribeAddress().getPort())
        .noDrop();
    publisher = builder.build();
    subscriber = builder.build();
    publisher.connect();
    subscriber.connect();
    subscriber.subscribe(TOPIC);
  }

  static BusRound typed() throws IOException {
    String note = "x".repeat(163);
    return new OurBusRound<>(
        EventBusClient.builder(Typed.class, Kind.class, String.class),
        number -> new Typed(Kind.updated, Clock.systemUTC().instant(), number, note),
        Typed::sent);
  }

  static BusRound ready() throws IOException {
    byte[] payload = new byte[256];
    Arrays.fill(payload, (byte) 'x');
    return new OurBusRound<>(
        EventBusClient.builder(byte[].class, Kind.class, String.class).encoding(new Ready()),
        number -> {
          byte[] ready = payload.clone();
          ByteBuffer.wrap(ready).putLong(number);
          return ready;
        },
        ready -> ByteBuffer.wrap(ready).getLong());
  }

  /** Bytes that need no encoding. */
  private static final class Ready implements EventEncoding<byte[], Kind> {
    @Override
    public byte[] encode(byte[] event) {
      return event;
    }

    @Override
    public byte[] decode(byte[] payload) {
      return payload;
    }

    @Override
    public Kind typeOf(byte[] event) {
      return Kind.updated;
    }

    @Override
    public byte[] ofType(Kind type, Instant time) {
      return new byte[0];
    }
  }

  @Override
  public void publish(long value) {
    publisher.emitEvent(event.apply(value), TOPIC);
  }

  @Override
  public long receive() throws IOException {
    return number.applyAsLong(
        subscriber
            .receiveEvent(PATIENCE)
            .orElseThrow(() -> new IOException("an event is lost: " + proxy.statistics())));
  }

  @Override
  public void close() {
    publisher.close();
    subscriber.close();
    proxy.close();
  }
}
