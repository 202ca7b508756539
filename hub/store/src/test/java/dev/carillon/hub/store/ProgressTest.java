package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final int WAITS = 20_000;

  private final LogUnavailableException broken = new LogUnavailableException("broken", null);
  private final Progress progress = new Progress(0);
  private final AtomicInteger waiting = new AtomicInteger(2);

  /** One that was left would end with its time, as a {@link LogFullException}. */
  @Test
  void endsEveryWaitWhateverItMeets() throws Exception {
    var some = CompletableFuture.supplyAsync(this::waitAgainAndAgain);
    var others = CompletableFuture.supplyAsync(this::waitAgainAndAgain);
    for (long position = 1; waiting.get() > 0; position++) {
      if (position % 100 == 0) {
        progress.broken(broken);
        progress.mended();
      }
      progress.reached(position);
      progress.release();
    }
    progress.broken(broken);

    List<CompletableFuture<Void>> waits = new ArrayList<>(some.get());
    waits.addAll(others.get());
    assertThat(waits).hasSize(2 * WAITS);
    for (CompletableFuture<Void> wait : waits) {
      Throwable failure = wait.handle((nothing, e) -> e).get(5, TimeUnit.SECONDS);
      if (failure != null) {
        assertThat(failure instanceof CompletionException ? failure.getCause() : failure)
            .isSameAs(broken);
      }
    }
    assertThat(progress.isAwaited()).isFalse();
  }

  private List<CompletableFuture<Void>> waitAgainAndAgain() {
    List<CompletableFuture<Void>> waits = new ArrayList<>();
    for (int i = 0; i < WAITS; i++) {
      waits.add(progress.upTo(progress.position() + i % 4, () -> {}));
    }
    waiting.decrementAndGet();
    return waits;
  }

  @Test
  void refusesToWaitWhileItIsBrokenAndShowsWhatIsReached() {
    progress.reached(7);
    progress.broken(broken);
    assertThat(progress.upTo(7, () -> {})).isCompleted();
    assertThat(progress.upTo(8, () -> {})).isCompletedExceptionally();
    progress.mended();
    CompletableFuture<Void> wait = progress.upTo(8, () -> {});
    assertThat(wait).isNotDone();
    progress.reached(8);
    assertThat(progress.upTo(8, () -> {})).isCompleted();
    progress.release();
    assertThat(wait).isCompleted();
  }
}
