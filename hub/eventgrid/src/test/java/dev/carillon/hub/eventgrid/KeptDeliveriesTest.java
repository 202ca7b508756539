package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KeptDeliveriesTest {

  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final WebhookAnswer BUSY = WebhookAnswer.of(503, "", "");

  @TempDir private Path folder;

  private static Delivery delivery(long position) {
    return Delivery.fresh(position, "{}", NOON);
  }

  @Test
  void aClockThatIsSetBackDelaysNoDeliveryForLong() throws Exception {
    try (SubscriptionStore store = SubscriptionStore.open(folder)) {
      KeptDeliveries kept = new KeptDeliveries(store, "sub");
      kept.loadSome();
      kept.keep(delivery(1).failed(NOON, BUSY).again(NOON.plusSeconds(10)));
      assertThat(kept.pollDue(NOON.plusSeconds(9), -1)).isNull();
      assertThat(kept.pollDue(NOON.minusSeconds(9), -1)).isNull();
      assertThat(kept.pollDue(NOON.minus(Duration.ofHours(1)), -1)).isNotNull();
    }
  }

  @Test
  void areTakenUpAPageAtATimeAndEachOnceThoughMoreComeMeanwhile() throws Exception {
    try (SubscriptionStore store = SubscriptionStore.open(folder)) {
      LongStream.range(0, 1200).forEach(i -> store.pending("sub").put(delivery(2 * i)));
      KeptDeliveries kept = new KeptDeliveries(store, "sub");
      int turns = 0;
      for (; !kept.isLoaded(); turns++) {
        kept.loadSome();
        if (turns < 2) {
          kept.keep(delivery(200 * turns + 1)); // behind what is loaded, and before it
          kept.keep(delivery(200 * turns + 2001));
        }
      }
      assertThat(turns).isEqualTo(4);
      List<Long> due = new ArrayList<>();
      for (Delivery next = kept.pollDue(NOON, -1); next != null; next = kept.pollDue(NOON, -1)) {
        due.add(next.position());
      }
      assertThat(due).hasSize(1204).doesNotHaveDuplicates();
    }
  }

  /** A commit takes its time, and the event loop goes on meanwhile. */
  @Test
  void noneIsMissingFromWhatIsDurableWhileTheyMove() throws Exception {
    Path file = folder.resolve("subscriptions.mv");
    Path copies = Files.createDirectory(folder.resolve("copies"));
    AtomicBoolean over = new AtomicBoolean();
    try (SubscriptionStore store = SubscriptionStore.open(folder)) {
      CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> move(store, over));
      for (int i = 0; i < 100; i++) {
        store.commit();
        Path copy = Files.createDirectory(copies.resolve("copy" + i));
        Files.copy(file, copy.resolve(file.getFileName()));
        assertComplete(copy);
      }
      over.set(true);
      moving.join();
    }
  }

  private static void move(SubscriptionStore store, AtomicBoolean over) {
    KeptDeliveries kept = new KeptDeliveries(store, "sub");
    kept.loadSome();
    for (int position = 0; !over.get(); position = Math.min(position + 1, 300)) {
      kept.keep(delivery(position));
      store.saveCursor("sub", position);
      kept.giveUpSome("Given up");
      kept.revive(store.dead("sub").page(-1, KeptDeliveries.PAGE), NOON);
    }
  }

  private static void assertComplete(Path folder) throws Exception {
    try (SubscriptionStore durable = SubscriptionStore.open(folder)) {
      Set<Long> kept =
          Stream.of(durable.pending("sub"), durable.dead("sub"))
              .flatMap(kind -> kind.page(-1, Integer.MAX_VALUE).stream())
              .map(Delivery::position)
              .collect(Collectors.toSet());
      assertThat(kept)
          .containsAll(LongStream.rangeClosed(0, durable.cursor("sub", -1)).boxed().toList());
    }
  }

  @Test
  void areFoundInAFileThatHasAMapForEachKind() throws Exception {
    try (MVStore file = MVStore.open(folder.resolve("subscriptions.mv").toString())) {
      file.<String, Long>openMap("cursors").put("sub", 7L);
      MVMap<Long, String> pending = file.openMap("pending/sub");
      pending.put(3L, SubscriptionStore.write(delivery(3)));
      MVMap<Long, String> dead = file.openMap("dead/sub");
      LongStream.of(3, 5).forEach(i -> dead.put(i, SubscriptionStore.write(delivery(i).dead("x"))));
    }
    for (int opened = 0; opened < 2; opened++) {
      try (SubscriptionStore store = SubscriptionStore.open(folder)) {
        assertThat(store.cursor("sub", 0)).isEqualTo(7);
        assertThat(store.pending("sub").page(-1, 10)).containsExactly(delivery(3));
        assertThat(store.dead("sub").page(-1, 10))
            .containsExactly(delivery(3).dead("x"), delivery(5).dead("x"));
        assertThat(store.dead("sub").page(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(store.sizes("sub")).containsEntry("pending", 1).containsEntry("dead", 2);
        assertThat(store.dead("sub").last()).isEqualTo(5);
      }
    }
  }
}
