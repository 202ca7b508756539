package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.DeadLetters;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.LogUnavailableException;
import dev.carillon.hub.store.Readers;
import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Analytics events in ClickHouse. Any number of processes can read it, and several can write it as
 * long as each source of operations has one writer at a time; where two overlap for a moment, they
 * write the same.
 *
 * <p>Exactly once without transactions: each version's number is how many operations changed its
 * event, so that whoever carries out the same operations writes the same rows; and each row tells
 * up to which operation it goes, so that operations which come again are passed over.
 */
final class ClickHouseStore implements AnalyticsStore, DeadLetters {

  /**
   * How many inserts go at a time: one where the user's quorum refuses another meanwhile, else two.
   * Fails where the tables are gone.
   */
  static final String WRITES =
      "SELECT if(toString(getSetting('insert_quorum')) NOT IN ('0', '1')"
          + " AND NOT getSetting('insert_quorum_parallel'), 1, 2) AS writes"
          + " FROM (SELECT count() FROM events WHERE false)";

  private static final int READ_THREADS = 4;
  private static final int MAX_PENDING_READS = 256;

  private final String origin;
  private final ClickHouse clickHouse;
  private final Schema schema;
  private final Bases bases;
  private final Insertion insertion;
  private final ClickHouseQueries queries;
  private final Readers readers;
  private final Watch watch;
  private volatile int writes = 1;
  private volatile boolean closed;

  /**
   * Creates a store that makes its tables as soon as ClickHouse is there.
   *
   * @param url where ClickHouse is
   * @param retentionDays after how many days events are dropped, 0 to keep them; null to leave that
   *     to another process
   * @param origin tells this process' sources from those of the same name elsewhere, as journals
   *     are; empty where their names do
   */
  public ClickHouseStore(ClickHouseUrl url, @Nullable Integer retentionDays, String origin) {
    this.origin = origin;
    this.clickHouse = new ClickHouse(url);
    this.schema = new Schema(clickHouse, retentionDays);
    this.bases = new Bases(clickHouse);
    this.insertion = new Insertion(clickHouse);
    this.queries = new ClickHouseQueries(clickHouse);
    this.readers =
        new Readers(
            "carillon-clickhouse-reader", READ_THREADS, MAX_PENDING_READS, ClickHouseStore::unread);
    this.watch = new Watch("ClickHouse at " + url, this::look);
  }

  /** Begins to look after ClickHouse, which need not be there yet. */
  public void start() {
    watch.start();
  }

  private void look() throws IOException {
    schema.ensure();
    try {
      writes = clickHouse.look(WRITES, row -> (int) row.getLong("writes"));
    } catch (IOException e) {
      schema.lookAgain(); // as it is made anew where another ClickHouse has come in its place
      throw e;
    }
  }

  @Override
  public Map<Effect, Integer> write(Batch batch) throws IOException {
    Work work = workOut(List.of(batch), List.of());
    work.write();
    return work.note();
  }

  @Override
  public Optional<Prepared> prepare(List<Batch> batches, List<Prepared> before) throws IOException {
    return Optional.of(
        workOut(batches, before.stream().map(work -> ((Work) work).changes).toList()));
  }

  @Override
  public int writesAtATime() {
    return writes;
  }

  private Work workOut(List<Batch> asked, List<Changes> before) throws IOException {
    watch.check();
    List<Batch> batches =
        asked.stream()
            .map(batch -> new Batch(named(batch.source()), batch.operations(), batch.last()))
            .toList();
    return new Work(insertion, batches, new Changes(batches, bases.of(batches), before));
  }

  private record Work(Insertion insertion, List<Batch> batches, Changes changes)
      implements Prepared {
    @Override
    public void write() throws IOException {
      insertion.insert(batches, changes.events(), changes.orphans());
    }

    @Override
    public Map<Effect, Integer> note() throws IOException {
      insertion.note(batches);
      return changes.effects();
    }
  }

  private String named(String source) {
    return origin.isEmpty() ? source : source + "@" + origin;
  }

  @Override
  public boolean isWritable() {
    try {
      watch.check();
      insertion.tryOut();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public long position(String source) throws IOException {
    watch.check();
    return insertion.position(named(source));
  }

  @Override
  public void add(String source, Batch.Placed operation, String reason) throws IOException {
    watch.check();
    insertion.setAside(named(source), operation, reason);
  }

  @Override
  public CompletableFuture<Optional<EventVersion>> find(UUID id) {
    return read(() -> queries.find(id));
  }

  @Override
  public CompletableFuture<List<EventVersion>> events(AnalyticsQuery query) {
    return read(() -> queries.events(Filter.of(query), query.limit()));
  }

  @Override
  public CompletableFuture<List<EventVersion>> events(AnalyticsQuery query, EventVersion after) {
    return read(() -> queries.events(Filter.of(query).after(after), query.limit()));
  }

  @Override
  public CompletableFuture<List<ErrorDay>> errors(AnalyticsQuery query) {
    return read(() -> queries.errors(query));
  }

  @Override
  public CompletableFuture<List<SessionLatency>> latency(AnalyticsQuery query) {
    return read(() -> queries.latency(query));
  }

  @Override
  public CompletableFuture<List<SessionErrors>> topErrors(AnalyticsQuery query) {
    return read(() -> queries.topErrors(query));
  }

  @Override
  public CompletableFuture<List<SlowSession>> slowest(AnalyticsQuery query) {
    return read(() -> queries.slowest(query));
  }

  @Override
  public CompletableFuture<List<NameLatency>> latencyByName(AnalyticsQuery query) {
    return read(() -> queries.latencyByName(query));
  }

  @Override
  public CompletableFuture<List<Bucket>> timeline(AnalyticsQuery query, Duration bucket) {
    return read(() -> queries.timeline(query, bucket));
  }

  @Override
  public CompletableFuture<Totals> totals(AnalyticsQuery query) {
    return read(() -> queries.totals(query));
  }

  @Override
  public CompletableFuture<List<Totals>> totals(AnalyticsQuery query, Instant earlier) {
    return read(() -> queries.totals(query, earlier));
  }

  private <T> CompletableFuture<T> read(Readers.Read<T> read) {
    if (watch.isAway()) {
      return CompletableFuture.failedFuture(unread(null));
    }
    return readers.run(
        () -> { // when its turn comes, what it was asked of may be away
          watch.check();
          return read.run();
        });
  }

  private static RuntimeException unread(@Nullable Exception reason) {
    return new LogUnavailableException("the analytics store cannot be read now", reason);
  }

  @Override
  public boolean isReady() {
    return !closed && watch.isWell();
  }

  @Override
  public Stats stats() {
    return new Stats(0, 0, 0, 0, 0); // ClickHouse keeps house by itself, and tells of it itself
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    watch.close();
    clickHouse.close(); // which ends the reads that ClickHouse does not answer
    readers.close();
  }
}
