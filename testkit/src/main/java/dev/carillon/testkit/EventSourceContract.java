package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventSource;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.Subscription;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EventSource} must keep, whatever its transport. Extend it in the transport's
 * tests and give it the transport's other end. Each test gets a peer and a source of its own.
 */
public abstract class EventSourceContract {

  /** Events to publish. */
  protected final SampleEvents samples = new SampleEvents();

  private final List<CloudEvent> received = new CopyOnWriteArrayList<>();
  private @Nullable SourcePeer openPeer;
  private @Nullable EventSource openSource;

  /** Makes the other end, up and empty. Called once for each test; the kit closes it. */
  protected abstract SourcePeer openPeer() throws Exception;

  /** How long anything may take until it counts as never; default 20 s. */
  protected Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** Opens the peer and a source from it. */
  @BeforeEach
  void open() throws Exception {
    openPeer = openPeer();
    openSource = openPeer.openSource();
  }

  /** Closes both. */
  @AfterEach
  void close() {
    if (openSource != null) {
      openSource.close();
    }
    if (openPeer != null) {
      openPeer.close();
    }
  }

  /** This test's peer. */
  protected final SourcePeer peer() {
    return Objects.requireNonNull(openPeer);
  }

  /** This test's source. */
  protected final EventSource source() {
    return Objects.requireNonNull(openSource);
  }

  private void awaitReceived(List<CloudEvent> events) {
    new Arrivals(patience()).awaitAll(Arrivals.ids(events), () -> received);
  }

  @Test
  void handsOverEverythingOnceInOrderOneAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean overlapped = new AtomicBoolean();
    EventHandler handler =
        event -> {
          if (inside.incrementAndGet() > 1) {
            overlapped.set(true);
          }
          received.add(event);
          inside.decrementAndGet();
        };
    try (Subscription subscription = source().subscribe(EventFilter.all(), handler)) {
      List<CloudEvent> events = publish(500);
      awaitReceived(events);
      assertThat(Arrivals.ids(received)).containsExactlyElementsOf(Arrivals.ids(events));
      assertThat(overlapped).isFalse();
      await().untilAsserted(() -> assertThat(subscription.handled()).isEqualTo(500));
      assertThat(subscription.failed()).isZero();
      assertThat(subscription.isActive()).isTrue();
    }
  }

  @Test
  void handsOverOnlyWhatTheFilterLetsThrough() {
    List<CloudEvent> exact = new CopyOnWriteArrayList<>();
    List<CloudEvent> prefix = new CopyOnWriteArrayList<>();
    List<CloudEvent> subject = new CopyOnWriteArrayList<>();
    source().subscribe(EventFilter.ofType("sample.processed"), exact::add);
    source().subscribe(EventFilter.ofType("sample.*"), prefix::add);
    source().subscribe(EventFilter.all().withSubject("sample-3"), subject::add);
    source().subscribe(EventFilter.all(), received::add);
    List<CloudEvent> events = publish(60);
    awaitReceived(events);
    assertGets(exact, events, EventFilter.ofType("sample.processed"));
    assertGets(prefix, events, EventFilter.ofType("sample.*"));
    assertGets(subject, events, EventFilter.all().withSubject("sample-3"));
  }

  private void assertGets(List<CloudEvent> got, List<CloudEvent> sent, EventFilter filter) {
    List<CloudEvent> wanted = sent.stream().filter(filter::matches).toList();
    assertThat(wanted).isNotEmpty();
    new Arrivals(patience()).awaitAll(Arrivals.ids(wanted), () -> got);
    assertThat(Arrivals.ids(got)).containsExactlyInAnyOrderElementsOf(Arrivals.ids(wanted));
  }

  @Test
  void goesOnAfterAHandlerThatThrowsAndCountsIt() {
    Subscription subscription =
        source()
            .subscribe(
                EventFilter.all(),
                event -> {
                  boolean first = received.stream().noneMatch(e -> e.getId().equals(event.getId()));
                  received.add(event);
                  if (first && "sample.moved".equals(event.getType())) {
                    throw new IllegalStateException("a handler's own error");
                  }
                });
    List<CloudEvent> events = publish(30);
    awaitReceived(events);
    await().untilAsserted(() -> assertThat(subscription.failed()).isEqualTo(10));
    await().untilAsserted(() -> assertThat(subscription.handled()).isGreaterThanOrEqualTo(20));
    assertThat(subscription.isActive()).isTrue();
  }

  @Test
  void skipsAndCountsWhatIsMalformed() {
    Subscription subscription = source().subscribe(EventFilter.all(), received::add);
    List<CloudEvent> before = publish(5);
    long malformed = peer().publishMalformed();
    List<CloudEvent> after = publish(5);
    awaitReceived(before);
    awaitReceived(after);
    await().untilAsserted(() -> assertThat(peer().skipped()).isEqualTo(malformed));
    assertThat(subscription.failed()).isZero();
    assertThat(received).hasSize(10);
  }

  @Test
  void aClosedSubscriptionGetsNothingMore() {
    List<CloudEvent> others = new CopyOnWriteArrayList<>();
    source().subscribe(EventFilter.all(), others::add);
    Subscription subscription = source().subscribe(EventFilter.all(), received::add);
    awaitReceived(publish(5));
    subscription.close();
    subscription.close();
    assertThat(subscription.isActive()).isFalse();
    List<CloudEvent> late = publish(5);
    new Arrivals(patience()).awaitAll(Arrivals.ids(late), () -> others);
    assertThat(received).hasSize(5);
  }

  @Test
  void aHandlerMayCloseItsOwnSubscription() {
    AtomicReference<@Nullable Subscription> own = new AtomicReference<>();
    CountDownLatch subscribed = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    own.set(
        source()
            .subscribe(
                EventFilter.all(),
                event -> {
                  received.add(event);
                  subscribed.await(patience().toSeconds(), TimeUnit.SECONDS);
                  Objects.requireNonNull(own.get()).close();
                  closed.countDown();
                }));
    subscribed.countDown();
    List<CloudEvent> others = new CopyOnWriteArrayList<>();
    source().subscribe(EventFilter.all(), others::add);
    List<CloudEvent> events = publish(5);
    await().atMost(patience()).until(() -> closed.getCount() == 0);
    new Arrivals(patience()).awaitAll(Arrivals.ids(events), () -> others);
    assertThat(received).hasSize(1);
  }

  @Test
  void closingEndsEverySubscriptionAndRefusesNewOnes() {
    Subscription first = source().subscribe(EventFilter.all(), received::add);
    Subscription second = source().subscribe(EventFilter.all(), received::add);
    source().close();
    source().close();
    assertThat(first.isActive()).isFalse();
    assertThat(second.isActive()).isFalse();
    assertThatThrownBy(() -> source().subscribe(EventFilter.all(), received::add))
        .isInstanceOf(SinkClosedException.class);
  }

  @Test
  void closingIsBoundedThoughAHandlerHangs() {
    CountDownLatch release = new CountDownLatch(1);
    source()
        .subscribe(
            EventFilter.all(),
            event -> {
              received.add(event);
              release.await(patience().multipliedBy(3).toSeconds(), TimeUnit.SECONDS);
            });
    awaitReceived(publish(1));
    CompletableFuture<Void> closing = CompletableFuture.runAsync(source()::close);
    try {
      new Arrivals(patience()).value(closing);
    } finally {
      release.countDown();
    }
  }

  @Test
  void manySourcesLeaveNoThreadBehind() {
    source().subscribe(EventFilter.all(), received::add);
    awaitReceived(publish(1));
    int before = Thread.getAllStackTraces().size();
    for (int i = 0; i < 100; i++) {
      try (EventSource one = peer().openSource()) {
        one.subscribe(EventFilter.all(), event -> received.add(event));
      }
    }
    await()
        .atMost(patience())
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().size())
                    .as("threads")
                    .isLessThan(before + 20));
  }

  private List<CloudEvent> publish(int count) {
    List<CloudEvent> events = new ArrayList<>(samples.take(count));
    events.forEach(peer()::publish);
    return events;
  }
}
