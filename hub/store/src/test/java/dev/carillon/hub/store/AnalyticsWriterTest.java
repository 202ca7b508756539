package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.hub.store.AnalyticsStore.Prepared;
import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer before a store that writes what is worked out ahead, as ClickHouse's does. */
class AnalyticsWriterTest {

  /** Much less than the age at which a batch is written that nobody waits for. */
  private static final Duration SOON = Duration.ofSeconds(3);

  @TempDir private Path folder;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private final Semaphore open = new Semaphore(Integer.MAX_VALUE);
  private final CountDownLatch begun = new CountDownLatch(1);
  private EmbeddedAnalyticsStore store;
  private JournalOperationLog journal;
  private AnalyticsWriter writer;

  @BeforeEach
  void start() throws Exception {
    store =
        EmbeddedAnalyticsStore.open(
            folder, EmbeddedAnalyticsStore.Settings.ofDefaults(), Clock.systemUTC());
    journal =
        JournalOperationLog.open(
            Files.createDirectory(folder.resolve("operations")),
            0,
            JournalOperationLog.Settings.ofDefaults());
    writer =
        new AnalyticsWriter(journal, workingAhead(), store, AnalyticsWriter.Settings.ofDefaults());
    writer.start();
  }

  @AfterEach
  void stop() {
    journal.close();
    writer.close();
    store.close();
  }

  private AnalyticsStore workingAhead() {
    return preparing(Ahead::new);
  }

  /** The store, but with writing in two steps. */
  private AnalyticsStore preparing(Function<List<Batch>, Prepared> prepare) {
    return (AnalyticsStore)
        Proxy.newProxyInstance(
            AnalyticsStore.class.getClassLoader(),
            new Class<?>[] {AnalyticsStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepare")) {
                @SuppressWarnings("unchecked")
                List<Batch> batches = (List<Batch>) arguments[0];
                return Optional.of(prepare.apply(batches));
              }
              if (method.getName().equals("writesAtATime")) {
                return 2;
              }
              if (method.getName().equals("write") && isLeft(busy)) {
                throw new StoreBusyException("no memory", new IOException());
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private final class Ahead implements Prepared {
    private final List<Batch> batches;

    Ahead(List<Batch> batches) {
      this.batches = batches;
    }

    @Override
    public void write() throws IOException {
      begun.countDown();
      open.acquireUninterruptibly();
      open.release();
      if (isLeft(failures)) {
        throw new IOException("cut off");
      }
    }

    @Override
    public Map<Effect, Integer> note() throws IOException {
      Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
      for (Batch batch : batches) {
        store.write(batch).forEach((effect, count) -> effects.merge(effect, count, Integer::sum));
      }
      return effects;
    }
  }

  private static boolean isLeft(AtomicInteger times) {
    return times.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private void append(int first, int count) throws Exception {
    List<Operation> operations = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      EventFields fields =
          EventFields.builder().conversationId("c" + i).eventName("event_a").build();
      operations.add(new Operation(Kind.CREATE, new UUID(7, i), Instant.ofEpochMilli(i), fields));
    }
    journal.append(operations).get(10, TimeUnit.SECONDS);
  }

  private long events() {
    return store.totals(AnalyticsQuery.all(1)).join().events();
  }

  @Test
  void letsWhoWaitsReadAsSoonAsItIsWritten() throws Exception {
    for (int round = 1; round <= 3; round++) {
      append(round * 10, 10);
      assertThat(journal.readable()).succeedsWithin(SOON);
      assertThat(events()).isEqualTo(round * 10L);
    }
  }

  @Test
  void setsNothingAsideBecauseTheStoreIsBusy() throws Exception {
    failures.set(1);
    busy.set(5);
    append(1, 1);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(journal.readable()).succeedsWithin(SOON));
    assertThat(events()).isEqualTo(1);
    assertThat(writer.stats().setAside()).isZero();
  }

  @Test
  void writesPartByPartWhatCouldNotBeWrittenTogether() throws Exception {
    failures.set(3);
    for (int round = 1; round <= 5; round++) {
      append(round * 10, 10);
      assertThat(journal.readable()).succeedsWithin(SOON);
      assertThat(events()).isEqualTo(round * 10L);
    }
    assertThat(writer.stats().effects().values().stream().mapToLong(n -> n).sum()).isEqualTo(50);
    assertThat(writer.isHealthy()).isTrue();
  }

  @Test
  void workedOutUponWhatFailedIsWorkedOutAgain() throws Exception {
    failures.set(1);
    open.acquireUninterruptibly(Integer.MAX_VALUE);
    append(0, 10);
    CompletableFuture<Void> first = journal.readable();
    begun.await();
    append(10, 10);
    CompletableFuture<Void> both = journal.readable();
    open.release(Integer.MAX_VALUE);
    assertThat(first).succeedsWithin(SOON);
    assertThat(both).succeedsWithin(SOON);
    assertThat(events()).isEqualTo(20);
  }

  @Test
  void endsWithAllWrittenAlsoWhatIsUnderWay() throws Exception {
    open.acquireUninterruptibly(Integer.MAX_VALUE);
    append(0, 10);
    CompletableFuture<Void> written = journal.readable();
    begun.await();
    append(10, 10);
    journal.close();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(writer::close);
    open.release(Integer.MAX_VALUE);
    assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
    assertThat(written).succeedsWithin(SOON);
    assertThat(events()).isEqualTo(20);
    assertThat(store.position(JournalOperationLog.SOURCE)).isEqualTo(20);
  }

  @Test
  void looksOnceMoreForWhatCameWhileItWaitedAtTheEnd() throws Exception {
    open.acquireUninterruptibly(Integer.MAX_VALUE);
    Script source = new Script("first", "", "second");
    try (AnalyticsWriter other =
        new AnalyticsWriter(source, workingAhead(), store, AnalyticsWriter.Settings.ofDefaults())) {
      other.start();
      source.polledTwice.await();
      CompletableFuture<Void> closed = CompletableFuture.runAsync(other::close);
      source.wokenUp.await();
      open.release(Integer.MAX_VALUE);
      assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
    }
    assertThat(store.position("second")).isEqualTo(1);
  }

  @Test
  void writesTwoAtATimeAndNotesThemInOrder() {
    Queue<String> noted = new ConcurrentLinkedQueue<>();
    writeTwo(
        crossed(noted, false),
        other -> {
          assertThat(noted).containsExactly("first", "second");
          assertThat(other.stats().effects()).containsExactly(Map.entry(Effect.CREATED, 2L));
        });
  }

  @Test
  void notesWhatIsInOnceWhatFailedBeforeItIsWrittenInTheOtherWay() {
    Queue<String> noted = new ConcurrentLinkedQueue<>();
    writeTwo(
        crossed(noted, true),
        other -> {
          assertThat(noted).containsExactly("second, first up to 1");
          assertThat(other.stats().effects()).containsExactly(Map.entry(Effect.CREATED, 1L));
        });
  }

  /** Has the first one written, or fail, only once the second is written. */
  private Function<List<Batch>, Prepared> crossed(Queue<String> noted, boolean firstFails) {
    CountDownLatch secondIsWritten = new CountDownLatch(1);
    return batches -> {
      String source = batches.get(0).source();
      return new Prepared() {
        @Override
        public void write() throws IOException {
          if (source.equals("second")) {
            secondIsWritten.countDown();
            return;
          }
          await(secondIsWritten);
          if (firstFails) {
            throw new IOException("cut off");
          }
        }

        @Override
        public Map<Effect, Integer> note() throws IOException {
          noted.add(firstFails ? source + ", first up to " + store.position("first") : source);
          return Map.of(Effect.CREATED, 1);
        }
      };
    };
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("the other one never came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Has a writer write two batches, each by itself, that nobody waits for. */
  private void writeTwo(
      Function<List<Batch>, Prepared> prepare, ThrowingConsumer<AnalyticsWriter> assertion) {
    Script source = new Script("first", "second");
    source.waitedFor = false;
    AnalyticsWriter.Settings each = new AnalyticsWriter.Settings(1, 1, 0, Duration.ofSeconds(5));
    try (AnalyticsWriter other = new AnalyticsWriter(source, preparing(prepare), store, each)) {
      other.start();
      Awaitility.await().untilAsserted(() -> assertion.accept(other));
    }
  }

  /** Names of sources, each of which brings one batch; an empty one brings nothing. */
  private static final class Script implements OperationSource {
    private final Queue<String> sources;
    private boolean waitedFor = true;
    private final CountDownLatch polledTwice = new CountDownLatch(2);
    private final CountDownLatch wokenUp = new CountDownLatch(1);

    Script(String... sources) {
      this.sources = new ArrayDeque<>(List.of(sources));
    }

    @Override
    public List<Batch> poll(Duration atMost) {
      polledTwice.countDown();
      String next = sources.poll();
      return next == null || next.isEmpty() ? List.of() : List.of(new Batch(next, List.of(), 1));
    }

    @Override
    public void wakeUp() {
      wokenUp.countDown();
    }

    @Override
    public OptionalLong lag() {
      return OptionalLong.empty();
    }

    @Override
    public boolean isWaitedFor() {
      return waitedFor;
    }

    @Override
    public void stored(Batch batch) {}

    @Override
    public void notStored(@Nullable Exception reason) {}
  }
}
