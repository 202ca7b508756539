package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads end with an answer or a reason, whatever happens. */
@Timeout(60)
class ReadersTest {

  private static Readers one() {
    return new Readers("test-reader", 1, 1, e -> new LogUnavailableException("cannot", e));
  }

  private static void assertFails(CompletableFuture<?> read, Class<?> kind, String message) {
    assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(kind)
        .hasMessageContaining(message);
  }

  @Test
  void saysWhatAFailureMeans() throws Exception {
    try (Readers readers = one()) {
      assertThat(readers.run(() -> 5).get(20, TimeUnit.SECONDS)).isEqualTo(5);
      CompletableFuture<Object> failed =
          readers.run(
              () -> {
                throw new IOException("away");
              });
      assertFails(failed, LogUnavailableException.class, "cannot");
      CompletableFuture<Object> wrong =
          readers.run(
              () -> {
                throw new IllegalArgumentException("as it is");
              });
      assertFails(wrong, IllegalArgumentException.class, "as it is");
    }
  }

  @Test
  void refusesWhatIsTooMuchAndFailsWhatIsLeftAtTheEnd() throws Exception {
    Readers readers = one();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<Boolean> endless =
        readers.run(
            () -> {
              begun.countDown();
              return never.await(1, TimeUnit.HOURS);
            });
    begun.await();
    CompletableFuture<Integer> waiting = readers.run(() -> 1);
    assertFails(readers.run(() -> 2), LogFullException.class, "too many reads are waiting");
    readers.close();
    assertFails(waiting, LogUnavailableException.class, "the store is closed");
    assertFails(endless, LogUnavailableException.class, "cannot");
    assertFails(readers.run(() -> 3), LogUnavailableException.class, "the store is closed");
  }
}
