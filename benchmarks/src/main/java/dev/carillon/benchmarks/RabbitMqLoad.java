package dev.carillon.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.carillon.rabbitmq.EventPublisher;
import dev.carillon.rabbitmq.EventPublisherConfig;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/**
 * Publishes in a process of its own, as PerfTest does, for some seconds to warm up and as many that
 * count, and prints events a second and bytes allocated for each.
 */
final class RabbitMqLoad {

  private static final int BODY = 256;
  private static final String TYPE = "workout.created";

  private final LongAdder confirmed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final CountDownLatch over = new CountDownLatch(1); // nobody counts: it only waits
  private final int window;

  private RabbitMqLoad(int window) {
    this.window = window;
  }

  /** Hands over one event; the future ends with its confirm. */
  interface Send {
    CompletableFuture<?> one();
  }

  /** Arguments: URL, exchange, mode, threads, window of each, seconds. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[3]);
    RabbitMqLoad load = new RabbitMqLoad(Integer.parseInt(args[4]));
    Duration time = Duration.ofSeconds(Integer.parseInt(args[5]));
    if (args[2].equals("spring")) {
      load.spring(args[0], args[1], threads, time);
    } else {
      load.ours(args[0], args[1], args[2], threads, time);
    }
    System.exit(0); // Spring's threads linger for a minute
  }

  private void ours(String url, String exchange, String mode, int threads, Duration time)
      throws Exception {
    EventPublisherConfig config =
        EventPublisherConfig.builder()
            .rabbitmqUrl(url)
            .exchangeName(exchange)
            .organizationId(() -> "gym-1")
            .enableValidation(mode.endsWith("validated"))
            .maxPending(2 * window * threads + 1)
            .maxInFlight(Math.max(1_000, window))
            .build();
    Map<String, Object> data = Map.of("workout_id", "123", "title", "x".repeat(padding()));
    try (EventPublisher publisher = EventPublisher.of(config)) {
      if (mode.startsWith("blocking")) {
        measure(threads, time, () -> blocking(publisher, data));
      } else {
        measure(threads, time, () -> publisher.publishAsync(TYPE, data));
      }
    }
  }

  private static CompletableFuture<?> blocking(EventPublisher publisher, Map<String, Object> data) {
    return publisher.publish(TYPE, data)
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new IllegalStateException("not confirmed"));
  }

  /** So many characters of title make a body of 256 bytes. */
  private static int padding() {
    String empty =
        "{\"event_id\":\"00000000-0000-0000-0000-000000000000\",\"event_type\":\"workout.created\","
            + "\"organization_id\":\"gym-1\",\"timestamp\":\"2026-11-01T12:00:00.123456Z\","
            + "\"data\":{\"workout_id\":\"123\",\"title\":\"\"}}";
    return Math.max(1, BODY - empty.length());
  }

  private void spring(String url, String exchange, int threads, Duration time) throws Exception {
    CachingConnectionFactory factory = new CachingConnectionFactory();
    factory.setUri(url);
    factory.setPublisherConfirmType(CachingConnectionFactory.ConfirmType.CORRELATED);
    factory.setPublisherReturns(true);
    RabbitTemplate template = new RabbitTemplate(factory);
    template.setMandatory(true);
    byte[] body = "x".repeat(BODY).getBytes(StandardCharsets.UTF_8);
    try {
      measure(
          threads,
          time,
          () -> {
            CorrelationData correlation = new CorrelationData();
            template.send(
                exchange,
                TYPE,
                MessageBuilder.withBody(body)
                    .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                    .setMessageId(correlation.getId())
                    .build(),
                correlation);
            return correlation.getFuture();
          });
    } finally {
      factory.destroy();
    }
  }

  private void measure(int threads, Duration time, Send send) throws Exception {
    long warm = System.nanoTime() + time.toNanos();
    long end = warm + time.toNanos();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> publishUntil(end, send));
      thread.start();
      running.add(thread);
    }
    boolean unused = over.await(warm - System.nanoTime(), TimeUnit.NANOSECONDS);
    long events = confirmed.sum();
    long bytes = allocated();
    long started = System.nanoTime();
    unused = over.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    double rate = (confirmed.sum() - events) * 1e9 / (System.nanoTime() - started);
    long each = (allocated() - bytes) / Math.max(1, confirmed.sum() - events);
    for (Thread thread : running) {
      thread.join();
    }
    if (failed.sum() > 0) {
      throw new IllegalStateException(failed.sum() + " events failed");
    }
    System.out.printf("%.1f %d%n", rate, each);
  }

  private void publishUntil(long end, Send send) {
    Semaphore free = new Semaphore(window);
    BiConsumer<Object, Throwable> settle =
        (result, error) -> {
          (error == null ? confirmed : failed).increment();
          free.release();
        };
    while (System.nanoTime() - end < 0) {
      free.acquireUninterruptibly();
      send.one().whenComplete(settle);
    }
    free.acquireUninterruptibly(window);
  }

  /** By all threads that there are. */
  private static long allocated() {
    long sum = 0;
    for (long bytes : threads().getThreadAllocatedBytes(threads().getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private static ThreadMXBean threads() {
    return (ThreadMXBean) ManagementFactory.getThreadMXBean();
  }
}
